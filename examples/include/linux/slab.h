/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/string.h>
#include <linux/types.h>

struct kmem_cache;
typedef unsigned int slab_flags_t;

#define SLAB_HWCACHE_ALIGN ((slab_flags_t)0x00002000u)
#define SLAB_PANIC ((slab_flags_t)0x00040000u)

extern void *__kmalloc(size_t size, gfp_t flags) __malloc;
extern void *krealloc(const void *p, size_t new_size, gfp_t flags) __must_check;
extern void kfree(const void *p);
extern void kfree_sensitive(const void *p);
extern size_t ksize(const void *p);

extern struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
					    unsigned int align, slab_flags_t flags,
					    void (*ctor)(void *));
extern void kmem_cache_destroy(struct kmem_cache *cache);
extern void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags) __malloc;
extern void kmem_cache_free(struct kmem_cache *cache, void *object);

#define KMEM_CACHE(__struct, __flags) \
	kmem_cache_create(#__struct, sizeof(struct __struct), __alignof__(struct __struct), \
			  (__flags), NULL)

static inline void *kmalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags);
}

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(__builtin_mul_overflow(n, size, &bytes)))
		return NULL;
	return __kmalloc(bytes, flags);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}

static inline void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t flags)
{
	return kmem_cache_alloc(cache, flags | __GFP_ZERO);
}

#endif
