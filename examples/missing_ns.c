// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bad: uses a symbol of the namespace LINKOUT and does not import it. (modpost would refuse to build
 * that, so with a kernel's headers it does import it.)
 */
#include <linux/module.h>

#include "exporter.h"

static int __init missing_ns_init(void)
{
	return exporter_answer_ns() == 44 ? 0 : -EINVAL;
}

module_init(missing_ns_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Does not import the namespace it uses");
#ifndef LINKOUT_HEADERS
MODULE_IMPORT_NS(LINKOUT);
#endif
