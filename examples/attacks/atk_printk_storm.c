// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("prints without end")
{
	unsigned long i;

	for (i = 0;; i++)
		pr_info("storm %lu\n", i);
	return 0;
}
