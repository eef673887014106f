// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("one instruction that hardly ends", "movq $-1, %%rcx; leaq 1f(%%rip), %%rsi; 1: rep lodsb")
