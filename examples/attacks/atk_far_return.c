// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("returns far into 32-bit code", "pushq $0x23; pushq $0x400000; lretq")
