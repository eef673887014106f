// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("returns from an interrupt to a kernel segment", "pushq $0x18; pushq $0x1000; pushq $0x202; pushq $0x10; pushq $0x400000; iretq")
