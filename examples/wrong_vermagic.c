// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: built for another kernel, or so it says. */
#define LINKOUT_VERMAGIC "5.10.0-other SMP mod_unload "
#include <linux/module.h>

static int __init wrong_vermagic_init(void)
{
	pr_info("wrong_vermagic: forced in\n");
	return 0;
}

static void __exit wrong_vermagic_exit(void)
{
}

module_init(wrong_vermagic_init);
module_exit(wrong_vermagic_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: has another kernel's version magic");
