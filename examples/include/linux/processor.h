/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_PROCESSOR_H
#define _LINUX_PROCESSOR_H

#include <linux/sched.h>

#define spin_until_cond(cond) \
	do { \
		while (unlikely(!(cond))) \
			cpu_relax(); \
	} while (0)

#endif
