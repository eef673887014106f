// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

extern int exporter_answer(void);

ATTACK("writes the text of another module")
{
	*(volatile char *)HIDDEN(&exporter_answer) = 0xc3;
	return 0;
}
