// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

static char buffer[64];

ATTACK("has the kernel copy without end")
{
	memcpy((void *)HIDDEN(buffer), (void *)HIDDEN(buffer), HIDDEN(1UL << 46));
	return 0;
}
