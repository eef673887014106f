/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_MODULEPARAM_H
#define _LINUX_MODULEPARAM_H
/* Module parameters: struct kernel_param is as in Linux 6.1, 40 bytes, one for each in __param. */

#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/stringify.h>
#include <linux/types.h>

#ifndef KBUILD_MODNAME
#error "KBUILD_MODNAME must be defined: gcc ... -DMODULE -DKBUILD_MODNAME='\"name\"'"
#endif

#define MAX_PARAM_PREFIX_LEN (64 - sizeof(unsigned long))

#define __MODULE_INFO(tag, name, info) \
	static const char __UNIQUE_ID(name)[] __used __section(".modinfo") __aligned(1) = \
		__stringify(tag) "=" info

#define __MODULE_PARM_TYPE(name, type) __MODULE_INFO(parmtype, name, #name ":" type)
#define MODULE_PARM_DESC(_parm, desc) __MODULE_INFO(parm, _parm, #_parm ":" desc)

struct module;
struct kernel_param;

enum {
	KERNEL_PARAM_OPS_FL_NOARG = (1 << 0)
};

enum {
	KERNEL_PARAM_FL_UNSAFE = (1 << 0),
	KERNEL_PARAM_FL_HWPARAM = (1 << 1),
};

struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
	void (*free)(void *arg);
};

struct kparam_string {
	unsigned int maxlen;
	char *string;
};

struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;
	const struct kernel_param_ops *ops;
	void *elem;
};

struct kernel_param {
	const char *name;
	struct module *mod;
	const struct kernel_param_ops *ops;
	const u16 perm;
	s8 level;
	u8 flags;
	union {
		void *arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

extern struct module __this_module;

#define __module_param_call(name_, ops_, arg_, perm_, flags_) \
	static const char __param_str_##name_[] = #name_; \
	static struct kernel_param const __param_##name_ __used __section("__param") \
		__aligned(__alignof__(struct kernel_param)) = { \
		.name = __param_str_##name_, \
		.mod = &__this_module, \
		.ops = (ops_), \
		.perm = (perm_), \
		.level = -1, \
		.flags = (flags_), \
		{ .arg = (void *)(arg_) } \
	}

#define module_param_cb(name, ops, arg, perm) __module_param_call(name, ops, arg, perm, 0)
#define module_param_cb_unsafe(name, ops, arg, perm) \
	__module_param_call(name, ops, arg, perm, KERNEL_PARAM_FL_UNSAFE)

#define module_param(name, type, perm) module_param_named(name, name, type, perm)

#define module_param_named(name, value, type, perm) \
	param_check_##type(name, &(value)); \
	module_param_cb(name, &param_ops_##type, &(value), perm); \
	__MODULE_PARM_TYPE(name, #type)

#define module_param_unsafe(name, type, perm) \
	param_check_##type(name, &(name)); \
	module_param_cb_unsafe(name, &param_ops_##type, &(name), perm); \
	__MODULE_PARM_TYPE(name, #type)

#define module_param_string(name, buffer, len, perm) \
	static const struct kparam_string __param_string_##name = { len, buffer }; \
	module_param_cb(name, &param_ops_string, &__param_string_##name, perm); \
	__MODULE_PARM_TYPE(name, "string")

#define module_param_array(name, type, nump, perm) \
	module_param_array_named(name, name, type, nump, perm)

#define module_param_array_named(name_, array_, type_, nump_, perm_) \
	param_check_##type_(name_, &(array_)[0]); \
	static const struct kparam_array __param_arr_##name_ = { \
		.max = sizeof(array_) / sizeof((array_)[0]), \
		.elemsize = sizeof((array_)[0]), \
		.num = nump_, \
		.ops = &param_ops_##type_, \
		.elem = array_, \
	}; \
	module_param_cb(name_, &param_array_ops, &__param_arr_##name_, perm_); \
	__MODULE_PARM_TYPE(name_, "array of " #type_)

/* The compiler complains where a variable is not of its parameter's type. */
#define __param_check(name, p, type) \
	static inline type __always_unused *__check_##name(void) { return (p); }

#define __PARAM_OPS(name, type) \
	extern const struct kernel_param_ops param_ops_##name; \
	extern int param_set_##name(const char *val, const struct kernel_param *kp); \
	extern int param_get_##name(char *buffer, const struct kernel_param *kp);

__PARAM_OPS(byte, unsigned char)
__PARAM_OPS(short, short)
__PARAM_OPS(ushort, unsigned short)
__PARAM_OPS(int, int)
__PARAM_OPS(uint, unsigned int)
__PARAM_OPS(long, long)
__PARAM_OPS(ulong, unsigned long)
__PARAM_OPS(ullong, unsigned long long)
__PARAM_OPS(hexint, unsigned int)
__PARAM_OPS(charp, char *)
__PARAM_OPS(bool, bool)
__PARAM_OPS(invbool, bool)

#define param_check_byte(name, p) __param_check(name, p, unsigned char)
#define param_check_short(name, p) __param_check(name, p, short)
#define param_check_ushort(name, p) __param_check(name, p, unsigned short)
#define param_check_int(name, p) __param_check(name, p, int)
#define param_check_uint(name, p) __param_check(name, p, unsigned int)
#define param_check_long(name, p) __param_check(name, p, long)
#define param_check_ulong(name, p) __param_check(name, p, unsigned long)
#define param_check_ullong(name, p) __param_check(name, p, unsigned long long)
#define param_check_hexint(name, p) __param_check(name, p, unsigned int)
#define param_check_charp(name, p) __param_check(name, p, char *)
#define param_check_bool(name, p) __param_check(name, p, bool)
#define param_check_invbool(name, p) __param_check(name, p, bool)

extern const struct kernel_param_ops param_ops_bint;
#define param_check_bint param_check_int
extern const struct kernel_param_ops param_ops_string;
extern const struct kernel_param_ops param_array_ops;

#endif
