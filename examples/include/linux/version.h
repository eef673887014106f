/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_VERSION_H
#define _LINUX_VERSION_H
/* The release whose interfaces these headers follow. */

#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#define LINUX_VERSION_CODE KERNEL_VERSION(6, 1, 0)
#define LINUX_VERSION_MAJOR 6
#define LINUX_VERSION_PATCHLEVEL 1
#define LINUX_VERSION_SUBLEVEL 0

#endif
