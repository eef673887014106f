// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: switches interrupts off and halts. On a real machine the CPU would be lost; here it may do neither. */
#include <linux/module.h>

static int __init cli_hlt_init(void)
{
	asm volatile("cli; hlt" : : : "memory");
	pr_info("cli_hlt: not reached\n");
	return 0;
}

static void __exit cli_hlt_exit(void)
{
}

module_init(cli_hlt_init);
module_exit(cli_hlt_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: stops the CPU");
