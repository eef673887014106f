// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("brings page tables of its own", "xorl %%eax, %%eax; movq %%rax, %%cr3")
