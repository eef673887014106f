// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("sets a hardware breakpoint", "movl $0x401, %%eax; movq %%rax, %%dr7")
