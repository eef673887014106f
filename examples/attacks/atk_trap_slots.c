// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("jumps at every byte after a kernel function until one ends it")
{
	unsigned long i;

	for (i = 1; i < 64; i++)
		((int (*)(void))(HIDDEN(&kfree) + i))();
	return 0;
}
