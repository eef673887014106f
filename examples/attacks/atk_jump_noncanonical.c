// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("jumps to an address that is none", "movabsq $0x4141414141414141, %%rax; jmp *%%rax")
