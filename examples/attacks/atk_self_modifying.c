// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("changes the instruction it is about to run")
{
	asm volatile("leaq 1f(%%rip), %%rax; movb $0x90, (%%rax); 1: ud2" : : : "rax", "memory");
	return 0;
}
