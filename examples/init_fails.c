// SPDX-License-Identifier: GPL-2.0-or-later
/* Not bad, but finds no device: its init gives -ENODEV, and what it had allocated is freed. */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/slab.h>

static int __init init_fails_init(void)
{
	char *buffer = kmalloc(100, GFP_KERNEL);

	if (!buffer)
		return -ENOMEM;
	kfree(buffer);
	return -ENODEV;
}

static void __exit init_fails_exit(void)
{
}

module_init(init_fails_init);
module_exit(init_fails_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Its init fails");
