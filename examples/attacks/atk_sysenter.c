// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("makes a system call the other way", "movl $1, %%eax; sysenter")
