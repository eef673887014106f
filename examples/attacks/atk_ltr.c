// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("loads a task register", "movw $0x40, %%ax; ltr %%ax")
