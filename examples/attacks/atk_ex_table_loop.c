// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("a fault whose fix-up faults again, without end", "1: movq 0, %%rax\n.pushsection __ex_table, \"a\"\n.long 1b - ., 1b - ., 3\n.popsection")
