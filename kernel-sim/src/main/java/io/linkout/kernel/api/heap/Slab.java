package io.linkout.kernel.api.heap;

import java.util.BitSet;

/** A run of pages cut into objects of one cache. Free objects are given out last in, first out. */
final class Slab {
  final SlabCache cache;
  final long address;
  private final int stride;
  private final int[] stack;
  private final long[] freedBy;
  private final BitSet constructed = new BitSet();
  private int free;

  Slab(SlabCache cache, long address, int objects, int stride) {
    this.cache = cache;
    this.address = address;
    this.stride = stride;
    this.stack = new int[objects];
    this.freedBy = new long[objects];
    for (int i = 0; i < objects; i++) {
      stack[i] = objects - 1 - i;
    }
    free = objects;
  }

  boolean full() {
    return free == 0;
  }

  boolean empty() {
    return free == stack.length;
  }

  long take() {
    return address + (long) stack[--free] * stride;
  }

  void giveBack(long object, long caller) {
    int index = index(object);
    freedBy[index] = caller;
    stack[free++] = index;
  }

  /** Returns true if an object can begin at {@code pointer}. */
  boolean startsAt(long pointer) {
    return (pointer - address) % stride == 0 && index(pointer) < stack.length;
  }

  /** Returns who freed the object at {@code pointer} last, or 0. */
  long freedBy(long pointer) {
    return freedBy[index(pointer)];
  }

  /** Returns whether the object at {@code pointer} was constructed before, and notes that it is. */
  boolean construct(long pointer) {
    int index = index(pointer);
    boolean before = constructed.get(index);
    constructed.set(index);
    return before;
  }

  private int index(long pointer) {
    return (int) ((pointer - address) / stride);
  }
}
