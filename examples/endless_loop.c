// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: its init never returns. */
#include <linux/module.h>
#include <linux/processor.h>

static volatile int done;

static int __init endless_loop_init(void)
{
	while (!done)
		cpu_relax();
	pr_info("endless_loop: not reached\n");
	return 0;
}

static void __exit endless_loop_exit(void)
{
}

module_init(endless_loop_init);
module_exit(endless_loop_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: loops for ever");
