// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK_ASM("returns from a system call", "movl $0x400000, %%ecx; movl $0x202, %%r11d; sysretq")
