// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses what exporter exports in the namespace LINKOUT, and imports that namespace. */
#include <linux/module.h>

#include "exporter.h"

static int __init importer_ns_init(void)
{
	pr_info("importer_ns: the answers are %d and %d\n", exporter_answer_ns(),
		exporter_answer_ns_gpl());
	return 0;
}

static void __exit importer_ns_exit(void)
{
}

module_init(importer_ns_init);
module_exit(importer_ns_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Uses exporter's symbols of a namespace");
MODULE_IMPORT_NS(LINKOUT);
