// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("reads an I/O port", "movw $0x60, %%dx; inb %%dx, %%al")
