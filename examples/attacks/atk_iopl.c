// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("gives itself I/O privilege", "pushq $0x3202; popfq; movb $1, %%al; outb %%al, $0x80")
