// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("writes the system call entry into its register", "movl $0xc0000082, %%ecx; movl $0xdead, %%eax; xorl %%edx, %%edx; wrmsr")
