// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("makes a system call", "movl $60, %%eax; xorl %%edi, %%edi; syscall")
