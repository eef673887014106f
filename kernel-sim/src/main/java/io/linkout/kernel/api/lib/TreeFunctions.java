package io.linkout.kernel.api.lib;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.GuestMemory;

/**
 * Red-black trees in guest memory (lib/rbtree.c). struct rb_node: parent and colour in one word
 * (bit 0: black), right, left; inline code links a red leaf and walks down by itself.
 */
final class TreeFunctions {
  private static final int RIGHT = 8;
  private static final int LEFT = 16;
  private static final long BLACK = 1;

  private final GuestMemory memory;

  private TreeFunctions(GuestMemory memory) {
    this.memory = memory;
  }

  static void declare(FunctionTable table, GuestMemory memory) {
    TreeFunctions f = new TreeFunctions(memory);
    table.real("rb_insert_color", c -> f.inserted(c.argument(0), c.argument(1)));
    table.real("rb_erase", c -> f.erase(c.argument(0), c.argument(1)));
    table.real("rb_first", c -> f.outermost(memory.readLong(c.argument(0)), LEFT));
    table.real("rb_last", c -> f.outermost(memory.readLong(c.argument(0)), RIGHT));
    table.real("rb_next", c -> f.neighbour(c.argument(0), RIGHT, LEFT));
    table.real("rb_prev", c -> f.neighbour(c.argument(0), LEFT, RIGHT));
    table.real("rb_replace_node", c -> f.replace(c.argument(0), c.argument(1), c.argument(2)));
    table.real("rb_replace_node_rcu", c -> f.replace(c.argument(0), c.argument(1), c.argument(2)));
    table.real("rb_first_postorder", c -> f.deepest(memory.readLong(c.argument(0))));
    table.real("rb_next_postorder", c -> f.nextPostorder(c.argument(0)));
  }

  private long parent(long node) {
    return memory.readLong(node) & ~3L;
  }

  private boolean black(long node) {
    return node == 0 || (memory.readLong(node) & BLACK) != 0;
  }

  private void link(long node, long parent, boolean black) {
    memory.writeLong(node, parent | (black ? BLACK : 0));
  }

  private void parent(long node, long parent) {
    if (node != 0) {
      link(node, parent, black(node));
    }
  }

  private void paint(long node, boolean black) {
    if (node != 0) {
      link(node, parent(node), black);
    }
  }

  private long child(long node, int side) {
    return memory.readLong(node + side);
  }

  private void child(long node, int side, long child) {
    memory.writeLong(node + side, child);
  }

  private static int other(int side) {
    return side == LEFT ? RIGHT : LEFT;
  }

  private int sideOf(long node, long parent) {
    return child(parent, LEFT) == node ? LEFT : RIGHT;
  }

  /** Makes {@code with} the child, or root, that {@code node} was. */
  private void substitute(long node, long with, long root) {
    long parent = parent(node);
    if (parent == 0) {
      memory.writeLong(root, with);
    } else {
      child(parent, sideOf(node, parent), with);
    }
    parent(with, parent);
  }

  /** Moves {@code node} down towards {@code side}, its other child up into its place. */
  private void rotate(long node, int side, long root) {
    long up = child(node, other(side));
    long middle = child(up, side);
    substitute(node, up, root);
    child(node, other(side), middle);
    parent(middle, node);
    child(up, side, node);
    parent(node, up);
  }

  /** rb_insert_color(node, root): the node is linked as a red leaf. */
  private long inserted(long inserted, long root) {
    long node = inserted;
    for (long parent = parent(node); !black(parent); parent = parent(node)) {
      long grandparent = parent(parent);
      int side = sideOf(parent, grandparent);
      long uncle = child(grandparent, other(side));
      if (!black(uncle)) {
        paint(parent, true);
        paint(uncle, true);
        paint(grandparent, false);
        node = grandparent;
        continue;
      }
      if (sideOf(node, parent) != side) {
        rotate(parent, side, root);
        node = parent;
        parent = parent(node);
      }
      paint(parent, true);
      paint(grandparent, false);
      rotate(grandparent, other(side), root);
    }
    paint(memory.readLong(root), true);
    return 0;
  }

  private long erase(long node, long root) {
    long left = child(node, LEFT);
    long right = child(node, RIGHT);
    boolean removedBlack;
    long below;
    long belowParent;
    if (left != 0 && right != 0) {
      long successor = outermost(right, LEFT);
      removedBlack = black(successor);
      below = child(successor, RIGHT);
      belowParent = parent(successor) == node ? successor : parent(successor);
      if (parent(successor) != node) {
        substitute(successor, below, root);
        child(successor, RIGHT, right);
        parent(right, successor);
      }
      boolean nodeBlack = black(node);
      substitute(node, successor, root);
      child(successor, LEFT, left);
      parent(left, successor);
      paint(successor, nodeBlack);
    } else {
      removedBlack = black(node);
      below = left != 0 ? left : right;
      belowParent = parent(node);
      substitute(node, below, root);
    }
    if (removedBlack) {
      rebalance(below, belowParent, root);
    }
    return 0;
  }

  /** {@code node}, maybe none, below {@code above} has one black node too few on its paths. */
  private void rebalance(long start, long above, long root) {
    long node = start;
    long parent = above;
    while (parent != 0 && black(node)) {
      int side = child(parent, LEFT) == node ? LEFT : RIGHT;
      long sibling = child(parent, other(side));
      if (!black(sibling)) {
        paint(sibling, true);
        paint(parent, false);
        rotate(parent, side, root);
        sibling = child(parent, other(side));
      }
      if (black(child(sibling, LEFT)) && black(child(sibling, RIGHT))) {
        paint(sibling, false);
        node = parent;
        parent = parent(node);
        continue;
      }
      if (black(child(sibling, other(side)))) {
        paint(child(sibling, side), true);
        paint(sibling, false);
        rotate(sibling, other(side), root);
        sibling = child(parent, other(side));
      }
      paint(sibling, black(parent));
      paint(parent, true);
      paint(child(sibling, other(side)), true);
      rotate(parent, side, root);
      return;
    }
    paint(node, true);
  }

  private long outermost(long start, int side) {
    long node = start;
    while (node != 0 && child(node, side) != 0) {
      node = child(node, side);
    }
    return node;
  }

  private long neighbour(long start, int towards, int back) {
    // A node that is in no tree is its own parent.
    if (memory.readLong(start) == start) {
      return 0;
    }
    if (child(start, towards) != 0) {
      return outermost(child(start, towards), back);
    }
    long node = start;
    long parent = parent(node);
    while (parent != 0 && child(parent, towards) == node) {
      node = parent;
      parent = parent(node);
    }
    return parent;
  }

  /** rb_replace_node(victim, new, root): the same links and colour. */
  private long replace(long victim, long with, long root) {
    memory.write(with, memory.read(victim, 24));
    parent(child(victim, LEFT), with);
    parent(child(victim, RIGHT), with);
    long parent = parent(victim);
    if (parent == 0) {
      memory.writeLong(root, with);
    } else {
      child(parent, sideOf(victim, parent), with);
    }
    return 0;
  }

  private long deepest(long start) {
    long node = start;
    while (node != 0) {
      long next = child(node, LEFT) != 0 ? child(node, LEFT) : child(node, RIGHT);
      if (next == 0) {
        return node;
      }
      node = next;
    }
    return 0;
  }

  private long nextPostorder(long node) {
    if (node == 0) {
      return 0;
    }
    long parent = parent(node);
    boolean rightIsNext = parent != 0 && child(parent, LEFT) == node && child(parent, RIGHT) != 0;
    return rightIsNext ? deepest(child(parent, RIGHT)) : parent;
  }
}
