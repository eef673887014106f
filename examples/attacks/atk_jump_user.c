// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("jumps to user memory", "movl $0x400000, %%eax; jmp *%%rax")
