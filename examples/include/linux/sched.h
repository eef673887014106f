/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/compiler.h>

static __always_inline void cpu_relax(void)
{
	__asm__ __volatile__("pause" : : : "memory");
}

extern int __cond_resched(void);
#define cond_resched() __cond_resched()

#endif
