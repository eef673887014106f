// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: calls itself until the stack is used up. */
#include <linux/module.h>

static volatile int never;

static noinline long deeper(long depth)
{
	volatile long local[8];

	if (never)
		return depth;
	local[depth & 7] = depth;
	return deeper(depth + 1) + local[depth & 7];
}

static int __init deep_recursion_init(void)
{
	pr_info("deep_recursion: not reached: %ld\n", deeper(0));
	return 0;
}

static void __exit deep_recursion_exit(void)
{
}

module_init(deep_recursion_init);
module_exit(deep_recursion_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: uses up the stack");
