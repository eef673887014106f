// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("returns from an interrupt that never was, to user mode", "pushq $0x2b; pushq $0x1000; pushq $0x202; pushq $0x33; pushq $0x400000; iretq")
