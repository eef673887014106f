/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H
/* Ticks since boot, HZ a second. */

#include <linux/types.h>

#define HZ 250

extern unsigned long volatile jiffies;
extern u64 jiffies_64;

#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)

static inline unsigned long msecs_to_jiffies(const unsigned int ms)
{
	return ((unsigned long)ms * HZ + 999) / 1000;
}

static inline unsigned int jiffies_to_msecs(const unsigned long j)
{
	return (unsigned int)(j * (1000 / HZ));
}

#endif
