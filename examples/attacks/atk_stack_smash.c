// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("writes over what lies above its frame")
{
	volatile char *here = (volatile char *)__builtin_frame_address(0);
	unsigned long i;

	for (i = 0; i < 64 << 20; i++)
		here[i] = 0x41;
	return 0;
}
