// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("writes to an I/O port", "movw $0x64, %%dx; movb $0xfe, %%al; outb %%al, %%dx")
