/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H
/*
 * BUG and WARN: an ud2 instruction, and an entry of 12 bytes in __bug_table that says which of the two it
 * is and where in the source: rel32 address, rel32 file name, u16 line, u16 flags (Linux 6.1, x86).
 */

#include <linux/compiler.h>
#include <linux/types.h>

#define BUGFLAG_WARNING (1 << 0)
#define BUGFLAG_ONCE (1 << 1)
#define BUGFLAG_NO_CUT_HERE (1 << 3)
#define BUGFLAG_TAINT(taint) ((taint) << 8)
#define TAINT_WARN 9

#define _BUG_FLAGS(flags) \
	__asm__ __volatile__("1:	ud2\n" \
			     "	.pushsection __bug_table, \"aw\"\n" \
			     "2:	.long 1b - .\n" \
			     "	.long %c0 - .\n" \
			     "	.word %c1\n" \
			     "	.word %c2\n" \
			     "	.org 2b + %c3\n" \
			     "	.popsection\n" \
			     : \
			     : "i"(__FILE__), "i"(__LINE__), "i"(flags), "i"(12))

#define BUG() \
	do { \
		_BUG_FLAGS(0); \
		__builtin_unreachable(); \
	} while (0)

#define BUG_ON(condition) \
	do { \
		if (unlikely(condition)) \
			BUG(); \
	} while (0)

extern void __warn_printk(const char *fmt, ...) __printf(1, 2);

#define __WARN_FLAGS(flags) _BUG_FLAGS(BUGFLAG_WARNING | BUGFLAG_TAINT(TAINT_WARN) | (flags))

#define WARN_ON(condition) \
	({ \
		int __ret_warn_on = !!(condition); \
		if (unlikely(__ret_warn_on)) \
			__WARN_FLAGS(0); \
		unlikely(__ret_warn_on); \
	})

#define WARN_ON_ONCE(condition) \
	({ \
		int __ret_warn_on = !!(condition); \
		if (unlikely(__ret_warn_on)) \
			__WARN_FLAGS(BUGFLAG_ONCE); \
		unlikely(__ret_warn_on); \
	})

#define WARN(condition, format...) \
	({ \
		int __ret_warn_on = !!(condition); \
		if (unlikely(__ret_warn_on)) { \
			__warn_printk(format); \
			__WARN_FLAGS(BUGFLAG_NO_CUT_HERE); \
		} \
		unlikely(__ret_warn_on); \
	})

#endif
