// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("switches interrupts off and spins", "cli; 1: jmp 1b")
