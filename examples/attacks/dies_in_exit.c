// SPDX-License-Identifier: GPL-2.0-or-later
/* Not an attack on load: it dies when it is to go, or when it is called. */
#include "attack.h"

long dies_in_exit_call(void);

noinline long dies_in_exit_call(void)
{
	return *(volatile long *)HIDDEN(8);
}

static int __init dies_in_exit_init(void)
{
	return kmalloc(100, GFP_KERNEL) ? 0 : -ENOMEM;
}

static void __exit dies_in_exit_exit(void)
{
	asm volatile("ud2");
}

module_init(dies_in_exit_init);
module_exit(dies_in_exit_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Dies in its exit and in a call");
