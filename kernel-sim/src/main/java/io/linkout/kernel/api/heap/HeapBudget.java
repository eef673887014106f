package io.linkout.kernel.api.heap;

/** The bytes guest code may have in all: pages of the heap and of vmalloc space. */
final class HeapBudget {
  private final long limit;
  private long used;

  HeapBudget(long limit) {
    this.limit = limit;
  }

  /** Takes {@code bytes} unless they would exceed the limit. */
  boolean take(long bytes) {
    if (bytes > limit - used) {
      return false;
    }
    used += bytes;
    return true;
  }

  void giveBack(long bytes) {
    used -= bytes;
  }
}
