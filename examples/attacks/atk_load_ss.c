// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("loads a segment that is none", "movw $0x1238, %%ax; movw %%ax, %%ss")
