// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("returns to where it never came from", "pushq $0x1234; ret")
