// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("jumps to 0", "xorl %%eax, %%eax; jmp *%%rax")
