// SPDX-License-Identifier: GPL-2.0-or-later
/* A parameter with operations of its own: its set function is called in the kernel before init. */
#include <linux/kernel.h>
#include <linux/module.h>

static int level = 1;
static int calls;

static int level_set(const char *val, const struct kernel_param *kp)
{
	int value, err;

	err = kstrtoint(val, 0, &value);
	if (err)
		return err;
	if (value < 0 || value > 7)
		return -ERANGE;
	*(int *)kp->arg = value;
	calls++;
	return 0;
}

static int level_get(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%d\n", *(int *)kp->arg);
}

static const struct kernel_param_ops level_ops = {
	.set = level_set,
	.get = level_get,
};
module_param_cb(level, &level_ops, &level, 0644);
MODULE_PARM_DESC(level, "0 to 7");

static int __init own_param_init(void)
{
	pr_info("own_param: level %d, set %d times\n", level, calls);
	return 0;
}

static void __exit own_param_exit(void)
{
}

module_init(own_param_init);
module_exit(own_param_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A parameter with operations of its own");
