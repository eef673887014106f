// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("allocates little things until nothing is left")
{
	unsigned long got = 0;

	while (kmalloc(8, GFP_KERNEL))
		got++;
	pr_info("atk_alloc_small: got %lu and no more\n", got);
	return -ENOMEM;
}
