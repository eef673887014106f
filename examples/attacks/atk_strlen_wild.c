// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

ATTACK("has the kernel read where nothing is")
{
	return (int)strlen((char *)HIDDEN(0xffffffffff600000));
}
