// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

extern int __register_chrdev(unsigned int major, unsigned int base, unsigned int count, const char *name,
			     const void *operations);

ATTACK("registers the same thing twice")
{
	int first = __register_chrdev(240, 0, 256, "atk", (void *)0);
	int second = __register_chrdev(240, 0, 256, "atk", (void *)0);

	return first ? first : second;
}
