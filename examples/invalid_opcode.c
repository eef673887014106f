// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: an ud2 that no entry of the bug table accounts for. */
#include <linux/module.h>

static int __init invalid_opcode_init(void)
{
	asm volatile("ud2");
	pr_info("invalid_opcode: not reached\n");
	return 0;
}

static void __exit invalid_opcode_exit(void)
{
}

module_init(invalid_opcode_init);
module_exit(invalid_opcode_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: executes an invalid opcode");
