// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("prints a pointer that points nowhere")
{
	pr_info("%s\n", (char *)HIDDEN(0x4141414141414141));
	pr_info("%s %pV %pI4 %pUb %*ph\n", (char *)HIDDEN(8), (void *)HIDDEN(~0xfffUL),
		(void *)HIDDEN(1UL << 63), (void *)HIDDEN(0xffff800000000000), 64, (void *)HIDDEN(1UL << 46));
	((int (*)(const char *))HIDDEN(&_printk))((char *)HIDDEN(0x1234));
	return -EINVAL;
}
