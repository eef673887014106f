// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("switches the vector unit about", "xorl %%ecx, %%ecx; xorl %%edx, %%edx; movl $2, %%eax; xsetbv")
