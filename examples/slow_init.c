// SPDX-License-Identifier: GPL-2.0-or-later
/* Its init runs for as many milliseconds as its parameter says: time enough to kill who loads it. */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/processor.h>

static unsigned int ms = 1000;
module_param(ms, uint, 0444);
MODULE_PARM_DESC(ms, "how long init runs, milliseconds");

static int __init slow_init_init(void)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);

	while (time_before(jiffies, end))
		cpu_relax();
	pr_info("slow_init: %u ms are over\n", ms);
	return 0;
}

static void __exit slow_init_exit(void)
{
}

module_init(slow_init_init);
module_exit(slow_init_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Takes its time");
