// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports a function with a CRC. */
#define LINKOUT_EXPORT_CRC 0x5eed0001
#include <linux/module.h>

#include "exporter.h"

int crc_answer(void)
{
	return 46;
}
EXPORT_SYMBOL(crc_answer);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Exports a function with a CRC");
