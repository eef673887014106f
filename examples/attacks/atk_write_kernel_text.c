// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("writes kernel text")
{
	*(volatile char *)HIDDEN(&_printk) = 0x90;
	return 0;
}
