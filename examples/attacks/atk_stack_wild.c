// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("has its stack in the kernel text", "movq $_printk, %%rsp; pushq $1; pushq $2")
