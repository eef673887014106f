/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H
/*
 * One variable for each CPU. Its symbol is an offset from the CPU's base, which gs holds: this_cpu_*
 * are single instructions with a gs prefix. this_cpu_off and __per_cpu_offset give the base as a number.
 */

#include <linux/compiler.h>
#include <linux/smp.h>
#include <linux/types.h>

#define DECLARE_PER_CPU(type, name) extern __section(".data..percpu") __typeof__(type) name
#define DEFINE_PER_CPU(type, name) __section(".data..percpu") __typeof__(type) name
#define EXPORT_PER_CPU_SYMBOL(var) EXPORT_SYMBOL(var)
#define EXPORT_PER_CPU_SYMBOL_GPL(var) EXPORT_SYMBOL_GPL(var)

extern unsigned long this_cpu_off;
extern unsigned long __per_cpu_offset[];

#define __this_cpu_off() \
	({ \
		unsigned long __base; \
		__asm__ __volatile__("movq %%gs:%1, %0" : "=r"(__base) : "m"(this_cpu_off)); \
		__base; \
	})

#define per_cpu_ptr(ptr, cpu) \
	((__typeof__(ptr))((unsigned long)(ptr) + __per_cpu_offset[cpu]))
#define this_cpu_ptr(ptr) ((__typeof__(ptr))((unsigned long)(ptr) + __this_cpu_off()))
#define raw_cpu_ptr(ptr) this_cpu_ptr(ptr)
#define per_cpu(var, cpu) (*per_cpu_ptr(&(var), cpu))

#define get_cpu() smp_processor_id()
#define put_cpu() do { } while (0)
#define get_cpu_var(var) (*this_cpu_ptr(&(var)))
#define put_cpu_var(var) do { (void)&(var); } while (0)
#define get_cpu_ptr(var) this_cpu_ptr(var)
#define put_cpu_ptr(var) do { (void)(var); } while (0)

extern void __linkout_bad_percpu_size(void)
	__attribute__((__error__("a per-CPU variable of 1, 2, 4 or 8 bytes is needed")));

/* OP with the suffix that the variable's size asks for. */
#define __percpu_to(op, var, val) \
	do { \
		__typeof__(var) __val = (val); \
		switch (sizeof(var)) { \
		case 1: \
			__asm__ __volatile__(op "b %b1, %%gs:%0" : "+m"(var) : "qi"(__val)); \
			break; \
		case 2: \
			__asm__ __volatile__(op "w %w1, %%gs:%0" : "+m"(var) : "ri"(__val)); \
			break; \
		case 4: \
			__asm__ __volatile__(op "l %k1, %%gs:%0" : "+m"(var) : "ri"(__val)); \
			break; \
		case 8: \
			__asm__ __volatile__(op "q %q1, %%gs:%0" : "+m"(var) : "re"(__val)); \
			break; \
		default: \
			__linkout_bad_percpu_size(); \
		} \
	} while (0)

#define this_cpu_read(var) \
	({ \
		__typeof__(var) __ret; \
		switch (sizeof(var)) { \
		case 1: \
			__asm__ __volatile__("movb %%gs:%1, %b0" : "=q"(__ret) : "m"(var)); \
			break; \
		case 2: \
			__asm__ __volatile__("movw %%gs:%1, %w0" : "=r"(__ret) : "m"(var)); \
			break; \
		case 4: \
			__asm__ __volatile__("movl %%gs:%1, %k0" : "=r"(__ret) : "m"(var)); \
			break; \
		case 8: \
			__asm__ __volatile__("movq %%gs:%1, %q0" : "=r"(__ret) : "m"(var)); \
			break; \
		default: \
			__linkout_bad_percpu_size(); \
		} \
		__ret; \
	})

#define this_cpu_write(var, val) __percpu_to("mov", var, val)
#define this_cpu_add(var, val) __percpu_to("add", var, val)
#define this_cpu_sub(var, val) __percpu_to("sub", var, val)
#define this_cpu_and(var, val) __percpu_to("and", var, val)
#define this_cpu_or(var, val) __percpu_to("or", var, val)
#define this_cpu_inc(var) this_cpu_add(var, 1)
#define this_cpu_dec(var) this_cpu_sub(var, 1)
#define __this_cpu_read(var) this_cpu_read(var)
#define __this_cpu_write(var, val) this_cpu_write(var, val)
#define __this_cpu_add(var, val) this_cpu_add(var, val)
#define __this_cpu_inc(var) this_cpu_inc(var)
#define __this_cpu_dec(var) this_cpu_dec(var)

#endif
