// SPDX-License-Identifier: GPL-2.0-or-later
/* Not an attack on load: it never returns when it is to go, or when it is called. */
#include "attack.h"

long hangs_in_exit_call(void);

noinline long hangs_in_exit_call(void)
{
	for (;;)
		asm volatile("" : : : "memory");
}

static int __init hangs_in_exit_init(void)
{
	return kmalloc(100, GFP_KERNEL) ? 0 : -ENOMEM;
}

static void __exit hangs_in_exit_exit(void)
{
	for (;;)
		asm volatile("" : : : "memory");
}

module_init(hangs_in_exit_init);
module_exit(hangs_in_exit_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Never ends its exit and in a call");
