/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/types.h>

typedef s64 ktime_t;

extern ktime_t ktime_get(void);

static inline s64 ktime_to_ns(const ktime_t kt)
{
	return kt;
}

static inline s64 ktime_sub(const ktime_t a, const ktime_t b)
{
	return a - b;
}

static inline u64 ktime_get_ns(void)
{
	return (u64)ktime_get();
}

#endif
