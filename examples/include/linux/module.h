/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H
/*
 * What makes an object file a module. In a kernel build modpost writes part of this into NAME.mod.c;
 * no modpost runs here, so this header supplies it: name and version magic in .modinfo, and
 * __this_module, whose init and exit slots are filled by relocations against init_module and
 * cleanup_module. Both are weak: a module without one gets 0.
 *
 * Before the first #include a file may define (real kernel headers know no such macros):
 *   LINKOUT_VERMAGIC   another version magic
 *   LINKOUT_VERSIONS   entries of __versions: { CRC, "symbol" }, ...
 *   LINKOUT_EXPORT_CRC the CRC of the file's exports (see export.h)
 */

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/stat.h>
#include <linux/stringify.h>
#include <linux/types.h>

/* So that a source can tell these headers from a kernel's. */
#define LINKOUT_HEADERS 1

#define MODULE_NAME_LEN MAX_PARAM_PREFIX_LEN
#define MODULE_ARCH_INIT

#define MODULE_INFO(tag, info) __MODULE_INFO(tag, tag, info)
#define MODULE_LICENSE(text) MODULE_INFO(license, text)
#define MODULE_AUTHOR(text) MODULE_INFO(author, text)
#define MODULE_DESCRIPTION(text) MODULE_INFO(description, text)
#define MODULE_VERSION(text) MODULE_INFO(version, text)
#define MODULE_ALIAS(text) MODULE_INFO(alias, text)
#define MODULE_SOFTDEP(text) MODULE_INFO(softdep, text)
#define MODULE_FIRMWARE(text) MODULE_INFO(firmware, text)
#define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, #ns)
#define MODULE_DEVICE_TABLE(type, name)

#define module_init(initfn) \
	static inline initcall_t __maybe_unused __inittest(void) { return initfn; } \
	int init_module(void) __copy(initfn) __attribute__((__alias__(#initfn)));

#define module_exit(exitfn) \
	static inline exitcall_t __maybe_unused __exittest(void) { return exitfn; } \
	void cleanup_module(void) __copy(exitfn) __attribute__((__alias__(#exitfn)));

/*
 * Size, and places of name, init and exit, as in Debian's linux-image-6.1.0-*-amd64. Nothing else of it
 * is for modules.
 */
struct module {
	unsigned char __state_and_list[24];
	char name[MODULE_NAME_LEN];
	unsigned char __symbols_and_parameters[0x138 - 24 - MODULE_NAME_LEN];
	int (*init)(void);
	unsigned char __layout_and_notes[0x350 - 0x138 - 8];
	void (*exit)(void);
	unsigned char __references[0x380 - 0x350 - 8];
} __aligned(64);

static_assert(sizeof(struct module) == 896);
static_assert(offsetof(struct module, init) == 0x138);
static_assert(offsetof(struct module, exit) == 0x350);

struct modversion_info {
	unsigned long crc;
	char name[64 - sizeof(unsigned long)];
};

#ifdef MODULE
extern int init_module(void) __weak;
extern void cleanup_module(void) __weak;

struct module __this_module __used __section(".gnu.linkonce.this_module") = {
	.name = KBUILD_MODNAME,
	.init = init_module,
	.exit = cleanup_module,
};

#ifndef LINKOUT_VERMAGIC
#define LINKOUT_VERMAGIC "6.1.0-linkout SMP preempt mod_unload "
#endif

MODULE_INFO(name, KBUILD_MODNAME);
MODULE_INFO(vermagic, LINKOUT_VERMAGIC);

#ifdef LINKOUT_VERSIONS
static const struct modversion_info ____versions[] __used __section("__versions") = {
	LINKOUT_VERSIONS
};
#endif
#endif /* MODULE */

extern bool try_module_get(struct module *module);
extern void __module_get(struct module *module);
extern void module_put(struct module *module);

static inline const char *module_name(struct module *module)
{
	return module->name;
}

#endif
