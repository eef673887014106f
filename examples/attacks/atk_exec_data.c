// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

static unsigned char bytes[16] = { 0x31, 0xc0, 0xc3 };

ATTACK("executes data")
{
	int (*code)(void) = (int (*)(void))HIDDEN(bytes);

	return code();
}
