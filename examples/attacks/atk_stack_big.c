// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("leaps over the end of the stack")
{
	volatile char *here = (volatile char *)__builtin_frame_address(0);
	unsigned long i;

	for (i = 0; i < 64 << 20; i += 4096)
		here[-(long)i] = 1;
	return 0;
}
