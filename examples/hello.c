// SPDX-License-Identifier: GPL-2.0-or-later
/* Says hello, to whom and how often its parameters say. hello_add() is there to be called. */
#include <linux/kernel.h>
#include <linux/module.h>

static char *whom = "world";
module_param(whom, charp, 0444);
MODULE_PARM_DESC(whom, "whom to greet");

static int times = 1;
module_param(times, int, 0644);
MODULE_PARM_DESC(times, "how often, 0 to 100");

static bool loud;
module_param(loud, bool, 0444);
MODULE_PARM_DESC(loud, "whether to shout");

static int numbers[4] = { 1, 2, 3, 4 };
static unsigned int numbers_count;
module_param_array(numbers, int, &numbers_count, 0444);
MODULE_PARM_DESC(numbers, "up to four numbers to add up");

static char tag[16] = "none";
module_param_string(tag, tag, sizeof(tag), 0444);
MODULE_PARM_DESC(tag, "a word of up to 15 letters");

long hello_add(long a, long b);

noinline long hello_add(long a, long b)
{
	return a + b;
}

static int __init hello_init(void)
{
	int i, sum = 0;

	if (times < 0 || times > 100)
		return -EINVAL;
	for (i = 0; i < times; i++)
		pr_info("hello: Hello, %s%s\n", whom, loud ? "!" : ".");
	for (i = 0; i < (int)numbers_count; i++)
		sum = hello_add(sum, numbers[i]);
	if (numbers_count)
		pr_info("hello: %u numbers, sum %d, tag %s\n", numbers_count, sum, tag);
	return 0;
}

static void __exit hello_exit(void)
{
	pr_info("hello: Goodbye, %s.\n", whom);
}

module_init(hello_init);
module_exit(hello_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Linkout authors");
MODULE_DESCRIPTION("Says hello");
MODULE_VERSION("1.0");
