// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("switches write protection off", "movq %%cr0, %%rax; andq $~0x10000, %%rax; movq %%rax, %%cr0")
