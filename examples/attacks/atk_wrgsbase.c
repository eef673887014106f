// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("moves the per-CPU base", "movq $0x41414000, %%rax; wrgsbase %%rax; movq %%gs:0, %%rax")
