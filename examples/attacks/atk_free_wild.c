// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("frees what it never had")
{
	kfree((void *)HIDDEN(&_printk));
	kfree((void *)HIDDEN(0x7fff12345678));
	return -EINVAL;
}
