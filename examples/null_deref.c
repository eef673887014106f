// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: writes through a null pointer, two calls deep. */
#include <linux/module.h>

struct device_state {
	long reserved[2];
	long count;
};

static struct device_state *volatile state;

static noinline void count_one(struct device_state *s)
{
	s->count++;
}

static noinline int probe(void)
{
	count_one(state);
	return 0;
}

static int __init null_deref_init(void)
{
	int err = probe();

	pr_info("null_deref: not reached\n");
	return err;
}

static void __exit null_deref_exit(void)
{
}

module_init(null_deref_init);
module_exit(null_deref_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: writes through a null pointer");
