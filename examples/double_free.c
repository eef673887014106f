// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: frees the same object twice. */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/slab.h>

static int __init double_free_init(void)
{
	void *volatile object = kmalloc(64, GFP_KERNEL);

	if (!object)
		return -ENOMEM;
	kfree(object);
	kfree(object);
	pr_info("double_free: not reached\n");
	return 0;
}

static void __exit double_free_exit(void)
{
}

module_init(double_free_init);
module_exit(double_free_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: frees twice");
