// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("allocates more than there is")
{
	void *a = kmalloc((size_t)HIDDEN(1UL << 62), GFP_KERNEL);
	void *b = kmalloc((size_t)HIDDEN(-1L), GFP_KERNEL);

	return a || b ? 0 : -ENOMEM;
}
