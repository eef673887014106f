// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses what exporter exports to GPL modules only, and is one. */
#include <linux/module.h>

#include "exporter.h"

static int __init importer_gpl_init(void)
{
	pr_info("importer_gpl: the answer is %d\n", exporter_answer_gpl());
	return 0;
}

static void __exit importer_gpl_exit(void)
{
}

module_init(importer_gpl_init);
module_exit(importer_gpl_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Uses exporter's GPL-only symbol");
