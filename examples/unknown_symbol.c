// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad: calls a function that nobody exports. (With a kernel's headers it has one: modpost insists.) */
#include <linux/module.h>

#ifdef LINKOUT_HEADERS
extern int no_such_function(int x);
#else
static noinline int no_such_function(int x)
{
	return x;
}
#endif

static int __init unknown_symbol_init(void)
{
	return no_such_function(0);
}

static void __exit unknown_symbol_exit(void)
{
}

module_init(unknown_symbol_init);
module_exit(unknown_symbol_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bad: calls a function that is not there");
