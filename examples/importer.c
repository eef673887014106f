// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses what exporter exports to all, and exports something itself. */
#include <linux/module.h>

#include "exporter.h"

int importer_answer(void)
{
	return exporter_answer() + 1;
}
EXPORT_SYMBOL(importer_answer);

static int __init importer_init(void)
{
	exporter_count++;
	pr_info("importer: the answer is %d\n", exporter_answer());
	return 0;
}

static void __exit importer_exit(void)
{
	exporter_count--;
}

module_init(importer_init);
module_exit(importer_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Uses exporter");
