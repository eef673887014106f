// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("has no stack", "xorl %%esp, %%esp; pushq $1")
