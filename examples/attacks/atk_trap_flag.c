// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("steps itself through", "pushfq; orq $0x100, (%%rsp); popfq; nop; nop")
