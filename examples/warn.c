// SPDX-License-Identifier: GPL-2.0-or-later
/* Warns, once for each call of warn_again(), and goes on. */
#include <linux/kernel.h>
#include <linux/module.h>

static volatile int strange = 1;

int warn_again(void);

noinline int warn_again(void)
{
	return WARN_ON(strange);
}

static int __init warn_init(void)
{
	if (WARN(strange, "warn: this is strange: %d\n", strange))
		pr_info("warn: went on\n");
	return 0;
}

static void __exit warn_exit(void)
{
}

module_init(warn_init);
module_exit(warn_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Warns and goes on");
