// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: expects of crc_answer another CRC than crc_exporter gives it. */
#define LINKOUT_VERSIONS { 0x0badc0de, "crc_answer" }
#include <linux/module.h>

#include "exporter.h"

static int __init wrong_crc_init(void)
{
	pr_info("wrong_crc: the answer is %d\n", crc_answer());
	return 0;
}

static void __exit wrong_crc_exit(void)
{
}

module_init(wrong_crc_init);
module_exit(wrong_crc_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: expects another CRC");
