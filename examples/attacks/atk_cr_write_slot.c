// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("rewrites the entry points of the kernel")
{
	memcpy((void *)HIDDEN(&kfree), (void *)HIDDEN(&attack), 16);
	return 0;
}
