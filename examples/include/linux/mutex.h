/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H
/* struct mutex is as in Linux 6.1 without lock debugging: 32 bytes. */

#include <linux/list.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

struct mutex {
	atomic64_t owner;
	raw_spinlock_t wait_lock;
	atomic_t osq;
	struct list_head wait_list;
};

struct lock_class_key {
};

#define __MUTEX_INITIALIZER(name) { .wait_list = LIST_HEAD_INIT(name.wait_list) }
#define DEFINE_MUTEX(name) struct mutex name = __MUTEX_INITIALIZER(name)

extern void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
extern void mutex_lock(struct mutex *lock);
extern int __must_check mutex_lock_interruptible(struct mutex *lock);
extern int mutex_trylock(struct mutex *lock);
extern void mutex_unlock(struct mutex *lock);
extern bool mutex_is_locked(struct mutex *lock);

#define mutex_init(mutex) \
	do { \
		static struct lock_class_key __key; \
		__mutex_init((mutex), #mutex, &__key); \
	} while (0)

#endif
