// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("brings a descriptor table of its own", "subq $16, %%rsp; movw $0xffff, (%%rsp); movq $0, 2(%%rsp); lgdt (%%rsp)")
