package io.linkout.kernel.api.heap;

import io.linkout.kernel.api.Complaints;

/** The bytes guest code may have in all: pages of the heap and of vmalloc space. */
final class HeapBudget {
  private static final int KERN_WARNING = 4;

  private final long limit;
  private final Complaints complaints;
  private long used;
  private boolean told;

  /** Nothing is taken yet; a limit reached is told to {@code complaints}. */
  HeapBudget(long limit, Complaints complaints) {
    this.limit = limit;
    this.complaints = complaints;
  }

  /** Takes {@code bytes} unless they would exceed the limit. */
  boolean take(long bytes) {
    if (bytes > limit - used) {
      tell(bytes);
      return false;
    }
    used += bytes;
    return true;
  }

  void giveBack(long bytes) {
    used -= bytes;
    told &= used > limit / 2;
  }

  /** Once until half of it is free again: a module may ask without end. */
  private void tell(long bytes) {
    if (!told) {
      told = true;
      complaints.log(
          KERN_WARNING,
          "linkout: out of memory: modules have %d of %d bytes and want %d more"
              .formatted(used, limit, bytes));
    }
  }
}
