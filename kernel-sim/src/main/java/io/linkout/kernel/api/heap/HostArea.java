package io.linkout.kernel.api.heap;

import io.linkout.kernel.cpu.GuestLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Zeroed host memory of its own life; whoever closes it has unmapped it from the guest before. */
public final class HostArea implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment pages;

  /**
   * Allocates {@code bytes}, whole pages.
   *
   * @throws OutOfMemoryError if the host has none left; nothing is held then
   */
  public HostArea(long bytes) {
    try {
      pages = arena.allocate(bytes, GuestLayout.PAGE);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
  }

  /** Returns the memory. */
  public MemorySegment pages() {
    return pages;
  }

  @Override
  public void close() {
    arena.close();
  }
}
