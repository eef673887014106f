// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bad: a proprietary module that uses a symbol exported to GPL modules only. modpost refuses to build it
 * against a kernel's headers; these headers leave that to who loads it.
 */
#include <linux/ktime.h>
#include <linux/module.h>

static int __init gpl_violation_init(void)
{
	pr_info("gpl_violation: %lld\n", (long long)ktime_get());
	return 0;
}

static void __exit gpl_violation_exit(void)
{
}

module_init(gpl_violation_init);
module_exit(gpl_violation_exit);
MODULE_LICENSE("Proprietary");
MODULE_DESCRIPTION("A proprietary module that uses a GPL-only symbol");
