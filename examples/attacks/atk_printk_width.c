// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("prints numbers of two thousand million digits")
{
	int i;

	for (i = 0; i < 1000; i++)
		((int (*)(const char *, ...))HIDDEN(&_printk))("%2147483647d%-2147483647s%.2147483647d\n", 1, "x", 2);
	return -EINVAL;
}
