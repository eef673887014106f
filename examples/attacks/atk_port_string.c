// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("writes a string to an I/O port", "movw $0xe9, %%dx; xorl %%esi, %%esi; movl $16, %%ecx; rep outsb")
