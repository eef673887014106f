// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports one function of each kind: for all, for GPL modules, and both in a namespace. */
#include <linux/module.h>

#include "exporter.h"

int exporter_answer(void)
{
	return 42;
}
EXPORT_SYMBOL(exporter_answer);

int exporter_answer_gpl(void)
{
	return 43;
}
EXPORT_SYMBOL_GPL(exporter_answer_gpl);

int exporter_answer_ns(void)
{
	return 44;
}
EXPORT_SYMBOL_NS(exporter_answer_ns, LINKOUT);

int exporter_answer_ns_gpl(void)
{
	return 45;
}
EXPORT_SYMBOL_NS_GPL(exporter_answer_ns_gpl, LINKOUT);

int exporter_count;
EXPORT_SYMBOL(exporter_count);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Exports functions and a variable");
