// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: calls code that lies in data. */
#include <linux/module.h>

static unsigned char code[16] = { 0xb8, 0x2a, 0x00, 0x00, 0x00, 0xc3 };
static unsigned char *volatile target = code;

static int __init jump_data_init(void)
{
	int (*function)(void) = (int (*)(void))(unsigned long)target;

	pr_info("jump_data: not reached: %d\n", function());
	return 0;
}

static void __exit jump_data_exit(void)
{
}

module_init(jump_data_init);
module_exit(jump_data_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: calls data");
