/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/compiler.h>
#include <linux/types.h>

extern void *vmalloc(unsigned long size) __malloc;
extern void *vzalloc(unsigned long size) __malloc;
extern void vfree(const void *addr);

#endif
