/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

extern void __udelay(unsigned long usecs);
extern void __ndelay(unsigned long nsecs);
extern void msleep(unsigned int msecs);

#define udelay(n) __udelay(n)
#define ndelay(n) __ndelay(n)
#define mdelay(n) \
	({ \
		unsigned long __ms = (n); \
		while (__ms--) \
			udelay(1000); \
	})

#endif
