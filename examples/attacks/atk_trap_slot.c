// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("jumps into the middle of a kernel function")
{
	int (*middle)(void) = (int (*)(void))(HIDDEN(&_printk) + 1);

	return middle();
}
