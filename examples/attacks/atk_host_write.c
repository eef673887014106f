// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("writes to where the daemon might be")
{
	*(volatile unsigned long *)HIDDEN(0x7f0000001000) = 0;
	return 0;
}
