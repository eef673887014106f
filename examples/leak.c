// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: three allocations, and its exit frees one. */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/slab.h>

static void *kept[3];

static int __init leak_init(void)
{
	kept[0] = kmalloc(64, GFP_KERNEL);
	kept[1] = kzalloc(1000, GFP_KERNEL);
	kept[2] = kstrdup("forgotten", GFP_KERNEL);
	return kept[0] && kept[1] && kept[2] ? 0 : -ENOMEM;
}

static void __exit leak_exit(void)
{
	kfree(kept[0]);
}

module_init(leak_init);
module_exit(leak_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: leaks two objects");
