// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

#define TEXT (1 << 20)
#define WANTED (1 << 18)

/* Almost found at every place: a quarter of a million steps at each of three quarters of a million. */
ATTACK("searches without end, inside a kernel function")
{
	char *text = kmalloc(TEXT + 1, GFP_KERNEL);
	char *wanted = kmalloc(WANTED + 2, GFP_KERNEL);

	if (!text || !wanted)
		return -ENOMEM;
	memset(text, 'a', TEXT);
	text[TEXT] = 0;
	memset(wanted, 'a', WANTED);
	wanted[WANTED] = 'b';
	wanted[WANTED + 1] = 0;
	return strstr(text, wanted) ? 0 : -EINVAL;
}
