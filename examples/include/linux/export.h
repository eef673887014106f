/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H
/*
 * Exports: an entry of struct kernel_symbol in __ksymtab or __ksymtab_gpl, three signed 32-bit
 * numbers, each relative to its own place: the symbol, its name, its namespace.
 *
 * Define LINKOUT_EXPORT_CRC before the first #include to give every export of the file that CRC.
 * Real kernel headers know no such macro.
 */

#include <linux/compiler.h>
#include <linux/stringify.h>

extern struct module __this_module;
#define THIS_MODULE (&__this_module)

#ifdef LINKOUT_EXPORT_CRC
#define __CRC_SYMBOL(sym, sec) \
	"	.section \"__kcrctab" sec "\", \"a\"\n" \
	"	.balign 4\n" \
	"	.long " __stringify(LINKOUT_EXPORT_CRC) "\n" \
	"	.previous\n"
#else
#define __CRC_SYMBOL(sym, sec) ""
#endif

#define __EXPORT(sym, sec, ns) \
	extern __typeof__(sym) sym; \
	__asm__("	.section \"__ksymtab_strings\", \"aMS\", @progbits, 1\n" \
		"__kstrtab_" #sym ":	.asciz \"" #sym "\"\n" \
		"__kstrtabns_" #sym ":	.asciz \"" ns "\"\n" \
		"	.previous\n" \
		"	.section \"__ksymtab" sec "\", \"a\"\n" \
		"	.balign 4\n" \
		"__ksymtab_" #sym ":\n" \
		"	.long " #sym " - .\n" \
		"	.long __kstrtab_" #sym " - .\n" \
		"	.long __kstrtabns_" #sym " - .\n" \
		"	.previous\n" \
		__CRC_SYMBOL(sym, sec))

#define EXPORT_SYMBOL(sym) __EXPORT(sym, "", "")
#define EXPORT_SYMBOL_GPL(sym) __EXPORT(sym, "_gpl", "")
#define EXPORT_SYMBOL_NS(sym, ns) __EXPORT(sym, "", #ns)
#define EXPORT_SYMBOL_NS_GPL(sym, ns) __EXPORT(sym, "_gpl", #ns)

#endif
