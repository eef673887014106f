// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: takes a mutex that it holds. */
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(lock);

static int __init self_deadlock_init(void)
{
	mutex_lock(&lock);
	mutex_lock(&lock);
	pr_info("self_deadlock: not reached\n");
	mutex_unlock(&lock);
	return 0;
}

static void __exit self_deadlock_exit(void)
{
}

module_init(self_deadlock_init);
module_exit(self_deadlock_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: waits for itself");
