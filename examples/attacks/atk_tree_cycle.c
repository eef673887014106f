// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

/* The layout of linux/rbtree.h. */
struct rb_node {
	unsigned long parent_and_colour;
	struct rb_node *right;
	struct rb_node *left;
} __attribute__((aligned(8)));

struct rb_root {
	struct rb_node *node;
};

extern struct rb_node *rb_first(const struct rb_root *root);

static struct rb_node own_child;
static struct rb_root root;

ATTACK("a tree whose node is its own child: a kernel function walks down it for ever")
{
	own_child.left = &own_child;
	root.node = &own_child;
	return rb_first(&root) ? 0 : -EINVAL;
}
