package io.linkout.kernel.memory;

import io.linkout.kernel.cpu.GuestLayout;
import java.util.OptionalLong;

/**
 * Offsets from the per-CPU base that modules' per-CPU variables get. Never 0 and always within 31
 * bits, since code addresses them with a signed 32-bit displacement off gs.
 */
public final class PercpuOffsets {
  /** First offset for modules; below it are the kernel's own per-CPU variables. */
  public static final long START = GuestLayout.PERCPU_MODULES;

  /** End of the part for modules. */
  public static final long END = GuestLayout.PERCPU_MODULES_END;

  /** Sizes are rounded up to this many bytes: the strictest alignment of a scalar. */
  private static final long GRANULE = 16;

  private final RangeAllocator ranges = new RangeAllocator(START, END);

  /**
   * Takes {@code size} bytes of the area.
   *
   * @param alignment bytes, a power of two of at most a page
   * @return an offset, or empty if there is no room
   */
  public OptionalLong allocate(long size, long alignment) {
    if (alignment > GuestLayout.PAGE || size > END - START) {
      return OptionalLong.empty();
    }
    return ranges.allocate(rounded(size), Math.max(alignment, GRANULE));
  }

  /** Gives back what {@link #allocate} gave for the same {@code size}. */
  public void free(long offset, long size) {
    ranges.free(offset, rounded(size));
  }

  private static long rounded(long size) {
    return (size + GRANULE - 1) & -GRANULE;
  }
}
