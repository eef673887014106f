// SPDX-License-Identifier: GPL-2.0-or-later
/* Has an init and no exit: once loaded it is permanent. */
#include <linux/module.h>

static int __init init_only_init(void)
{
	pr_info("init_only: here to stay\n");
	return 0;
}

module_init(init_only_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Has no exit");
