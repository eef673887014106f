// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("hits a breakpoint that is none of the kernel", "int3")
