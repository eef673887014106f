// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("has the kernel write where it may not itself")
{
	memset((void *)HIDDEN(&_printk), 0xcc, HIDDEN(4096));
	return 0;
}
