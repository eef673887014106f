/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H

#include <linux/types.h>

extern void get_random_bytes(void *buf, size_t len);
extern u32 get_random_u32(void);
extern u64 get_random_u64(void);

#endif
