// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("executes the heap")
{
	unsigned char *bytes = kmalloc(64, GFP_KERNEL);
	int (*code)(void) = (int (*)(void))HIDDEN(bytes);

	memcpy(bytes, "\x31\xc0\xc3", 3);
	return code();
}
