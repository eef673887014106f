// SPDX-License-Identifier: GPL-2.0-or-later
/* Expects of crc_answer the CRC that crc_exporter gives it. */
#define LINKOUT_VERSIONS { 0x5eed0001, "crc_answer" }
#include <linux/module.h>

#include "exporter.h"

static int __init right_crc_init(void)
{
	pr_info("right_crc: the answer is %d\n", crc_answer());
	return 0;
}

static void __exit right_crc_exit(void)
{
}

module_init(right_crc_init);
module_exit(right_crc_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Expects the right CRC");
