// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

extern int exporter_count;

ATTACK("writes the data of another module and whatever follows it")
{
	volatile char *at = (volatile char *)HIDDEN(&exporter_count);
	unsigned long i;

	for (i = 0; i < 64 << 20; i += 4096)
		at[i] = 0;
	return 0;
}
