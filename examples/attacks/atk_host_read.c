// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("looks for the memory of the daemon")
{
	unsigned long at, sum = 0;

	for (at = 0x7f0000000000; at < 0x800000000000; at += 1UL << 30)
		sum += *(volatile unsigned long *)at;
	return (int)sum;
}
