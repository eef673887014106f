// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: writes to a constant. */
#include <linux/module.h>

static const int limits[4] = { 1, 2, 3, 4 };
static const int *volatile limit = &limits[2];

static int __init write_rodata_init(void)
{
	*(volatile int *)limit = 5;
	pr_info("write_rodata: not reached\n");
	return 0;
}

static void __exit write_rodata_exit(void)
{
}

module_init(write_rodata_init);
module_exit(write_rodata_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: writes to a constant");
