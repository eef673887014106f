// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("has its stack nowhere", "movabsq $0x8000000000000000, %%rax; movq %%rax, %%rsp; pushq $1")
