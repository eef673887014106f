// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("swaps the per-CPU base", "swapgs; movq %%gs:0, %%rax")
