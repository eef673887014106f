/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all attacks have in common: a module that does one forbidden thing in its init. */
#ifndef ATTACK_H
#define ATTACK_H

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Hides from the compiler where a pointer comes from. */
#define HIDDEN(pointer) ({ unsigned long __p = (unsigned long)(pointer); asm volatile("" : "+r"(__p)); __p; })

#define ATTACK(what) \
	static noinline int attack(void); \
	static int __init attack_init(void) \
	{ \
		int error = attack(); \
		if (!error) \
			pr_err("the attack went through: " what "\n"); \
		return error; \
	} \
	static void __exit attack_exit(void) \
	{ \
	} \
	module_init(attack_init); \
	module_exit(attack_exit); \
	MODULE_LICENSE("GPL"); \
	MODULE_DESCRIPTION("Attack: " what); \
	static noinline int attack(void)

/* An attack that is one or a few instructions. */
#define ATTACK_ASM(what, instructions) \
	ATTACK(what) \
	{ \
		asm volatile(instructions : : : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r11", "memory"); \
		return 0; \
	}

#endif
