/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define ARRAY_SIZE(array) \
	(sizeof(array) / sizeof((array)[0]) + \
	 sizeof(struct { int : -!!__builtin_types_compatible_p(__typeof__(array), \
							      __typeof__(&(array)[0])); }))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define ALIGN(x, a) (((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define round_up(x, y) ALIGN(x, y)
#define round_down(x, y) ((x) & ~((__typeof__(x))(y) - 1))
#define upper_32_bits(n) ((u32)(((n) >> 16) >> 16))
#define lower_32_bits(n) ((u32)((n) & 0xffffffff))
#define BIT(nr) (1ul << (nr))
#define might_sleep() do { } while (0)

extern int sprintf(char *buf, const char *fmt, ...) __printf(2, 3);
extern int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
extern int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
extern char *kasprintf(gfp_t gfp, const char *fmt, ...) __printf(2, 3) __malloc;
extern int sscanf(const char *buf, const char *fmt, ...) __scanf(2, 3);

extern int kstrtoint(const char *s, unsigned int base, int *res) __must_check;
extern int kstrtouint(const char *s, unsigned int base, unsigned int *res) __must_check;
extern int kstrtoll(const char *s, unsigned int base, long long *res) __must_check;
extern int kstrtoull(const char *s, unsigned int base, unsigned long long *res) __must_check;
extern int kstrtobool(const char *s, bool *res) __must_check;

static inline int __must_check kstrtoul(const char *s, unsigned int base, unsigned long *res)
{
	return kstrtoull(s, base, (unsigned long long *)res);
}

static inline int __must_check kstrtol(const char *s, unsigned int base, long *res)
{
	return kstrtoll(s, base, (long long *)res);
}

extern unsigned long simple_strtoul(const char *s, char **end, unsigned int base);
extern long simple_strtol(const char *s, char **end, unsigned int base);

extern void panic(const char *fmt, ...) __noreturn __printf(1, 2) __cold;
extern void dump_stack(void) __cold;
extern void add_taint(unsigned int flag, int lockdep_ok);

#endif
