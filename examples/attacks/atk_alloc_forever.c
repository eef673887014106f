// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("allocates until nothing is left")
{
	unsigned long got = 0;

	while (kmalloc(4096, GFP_KERNEL))
		got++;
	pr_info("atk_alloc_forever: got %lu pages and no more\n", got);
	return -ENOMEM;
}
