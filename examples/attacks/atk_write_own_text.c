// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("writes its own text")
{
	*(volatile char *)HIDDEN(&attack) = 0xc3;
	return 0;
}
