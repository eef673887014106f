// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: finds a state that it says cannot be, and dies. */
#include <linux/kernel.h>
#include <linux/module.h>

static volatile int impossible = 1;

static int __init bug_init(void)
{
	BUG_ON(impossible);
	pr_info("bug: not reached\n");
	return 0;
}

static void __exit bug_exit(void)
{
}

module_init(bug_init);
module_exit(bug_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: BUG_ON");
