package io.linkout.kernel.memory;

import io.linkout.kernel.cpu.GuestLayout;
import java.util.OptionalLong;

/**
 * The part of the guest's address space that modules live in. What is handed out is whole pages
 * with one page after it that is never mapped, so that running off the end of a segment is a fault
 * and not a neighbour's memory.
 */
public final class ModuleArea {
  private final RangeAllocator ranges =
      new RangeAllocator(GuestLayout.MODULES, GuestLayout.MODULES_END);

  /**
   * Takes space for {@code size} bytes, rounded up to whole pages.
   *
   * @param alignment bytes, a power of two; at least a page is used
   * @return a guest address, or empty if there is no room
   */
  public OptionalLong allocate(long size, long alignment) {
    if (size > GuestLayout.MODULES_END - GuestLayout.MODULES) {
      return OptionalLong.empty();
    }
    return ranges.allocate(withGuard(size), Math.max(alignment, GuestLayout.PAGE));
  }

  /** Gives back what {@link #allocate} gave for the same {@code size}. */
  public void free(long address, long size) {
    ranges.free(address, withGuard(size));
  }

  /** Returns how many bytes are free, in whatever pieces. */
  public long freeBytes() {
    return ranges.freeBytes();
  }

  private static long withGuard(long size) {
    return GuestLayout.pageUp(size) + GuestLayout.PAGE;
  }
}
