// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("makes a system call the old way", "movl $1, %%eax; int $0x80")
