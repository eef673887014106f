// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("brings an interrupt table of its own", "subq $16, %%rsp; movw $0, (%%rsp); movq $0, 2(%%rsp); lidt (%%rsp); int3")
