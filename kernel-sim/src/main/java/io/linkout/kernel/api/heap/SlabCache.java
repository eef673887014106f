package io.linkout.kernel.api.heap;

import io.linkout.kernel.cpu.GuestLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/** A kmem_cache: objects of one size, in slabs. */
public final class SlabCache {
  private static final int SMALLEST = 8;
  private static final int OBJECTS_WANTED = 8;
  private static final int MAX_SLAB_PAGES = 8;

  private final String name;
  private final int objectSize;
  private final int stride;
  private final int alignment;
  private final long constructor;
  private final Deque<Slab> partial = new ArrayDeque<>();
  private int slabs;
  private long live;

  /**
   * An empty cache.
   *
   * @param alignment a power of two
   * @param constructor guest address of a function that prepares each new object, or 0
   */
  SlabCache(String name, int objectSize, int alignment, long constructor) {
    this.name = name;
    this.objectSize = objectSize;
    this.alignment = Math.max(alignment, SMALLEST);
    this.stride = (Math.max(objectSize, SMALLEST) + this.alignment - 1) & -this.alignment;
    this.constructor = constructor;
  }

  /** Returns its name, such as {@code kmalloc-64}. */
  public String name() {
    return name;
  }

  /** Returns bytes of an object as asked for at creation. */
  int objectSize() {
    return objectSize;
  }

  /** Returns bytes from one object to the next. */
  int stride() {
    return stride;
  }

  long constructor() {
    return constructor;
  }

  /** Returns how many objects of it are in use. */
  long live() {
    return live;
  }

  long slabBytes() {
    long wanted = GuestLayout.pageUp((long) stride * OBJECTS_WANTED);
    long most = Math.max((long) MAX_SLAB_PAGES * GuestLayout.PAGE, GuestLayout.pageUp(stride));
    return Math.min(wanted, most);
  }

  int objectsInSlab() {
    return (int) (slabBytes() / stride);
  }

  /** Slabs begin at whole pages; objects of page-sized alignments need more. */
  long slabAlignment() {
    return Math.max(GuestLayout.PAGE, alignment);
  }

  boolean exhausted() {
    return partial.isEmpty();
  }

  void add(Slab slab) {
    partial.push(slab);
    slabs++;
  }

  Slab current() {
    return partial.element();
  }

  /** Takes an object; there is one. */
  long take() {
    Slab slab = partial.element();
    long object = slab.take();
    if (slab.full()) {
      partial.remove();
    }
    live++;
    return object;
  }

  /** Takes an object back; returns true if its slab is to be freed. */
  boolean giveBack(Slab slab, long object, long caller) {
    if (slab.full()) {
      partial.push(slab);
    }
    slab.giveBack(object, caller);
    live--;
    if (slab.empty() && slabs > 1) {
      partial.remove(slab);
      slabs--;
      return true;
    }
    return false;
  }

  /** Gives up the slabs that are left, all empty. */
  Iterable<Slab> dissolve() {
    Deque<Slab> rest = new ArrayDeque<>(partial);
    partial.clear();
    slabs = 0;
    return rest;
  }
}
