// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

extern int __register_chrdev(unsigned int major, unsigned int base, unsigned int count, const char *name,
			     const void *operations);

ATTACK("registers until nothing is left")
{
	int error = 0;
	unsigned int major;

	for (major = 1; !error; major++)
		error = __register_chrdev(0, 0, 256, "atk", (void *)0) < 0 ? -EBUSY : 0;
	return error;
}
