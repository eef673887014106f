/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#include <linux/stddef.h>

#define container_of(ptr, type, member) \
	({ \
		const __typeof__(((type *)0)->member) *__member = (ptr); \
		(type *)((char *)__member - offsetof(type, member)); \
	})

#endif
