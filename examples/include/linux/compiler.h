/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

/*
 * Kernel code uses no floating point and no vector registers, and keeps its stack canary at
 * %gs:0x28, not at %fs:0x28 where some distributions' compilers look for it by default.
 */
#pragma GCC target("general-regs-only")
#if defined(__SSP__) || defined(__SSP_STRONG__) || defined(__SSP_ALL__)
#pragma GCC optimize("no-stack-protector")
#endif

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define inline inline __attribute__((__gnu_inline__)) __attribute__((__unused__))
#define __always_inline inline __attribute__((__always_inline__))
#define noinline __attribute__((__noinline__))
#define __noreturn __attribute__((__noreturn__))
#define __used __attribute__((__used__))
#define __maybe_unused __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __must_check __attribute__((__warn_unused_result__))
#define __weak __attribute__((__weak__))
#define __alias(symbol) __attribute__((__alias__(#symbol)))
#define __copy(symbol) __attribute__((__copy__(symbol)))
#define __aligned(x) __attribute__((__aligned__(x)))
#define __packed __attribute__((__packed__))
#define __section(section) __attribute__((__section__(section)))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))
#define __scanf(a, b) __attribute__((__format__(scanf, a, b)))
#define __cold __attribute__((__cold__))
#define __pure __attribute__((__pure__))
#define __attribute_const__ __attribute__((__const__))
#define __malloc __attribute__((__malloc__))
#define fallthrough __attribute__((__fallthrough__))

/* Annotations for sparse, which does not run here. */
#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __bitwise
#define __acquires(x)
#define __releases(x)

#define barrier() __asm__ __volatile__("" : : : "memory")
#define unreachable() __builtin_unreachable()
#define __UNIQUE_ID_2(a, b) a##b
#define __UNIQUE_ID_1(a, b) __UNIQUE_ID_2(a, b)
#define __UNIQUE_ID(prefix) __UNIQUE_ID_1(__UNIQUE_ID_##prefix##_, __COUNTER__)

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val) (*(volatile __typeof__(x) *)&(x) = (val))

#define BUILD_BUG_ON(condition) _Static_assert(!(condition), "BUILD_BUG_ON failed: " #condition)
#define static_assert(expr, ...) _Static_assert(expr, #expr)

#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))

#endif
