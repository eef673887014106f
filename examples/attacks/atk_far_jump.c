// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("jumps far into 32-bit code", "subq $16, %%rsp; movl $0x400000, (%%rsp); movl $0x23, 4(%%rsp); ljmpl *(%%rsp)")
