package io.linkout.kernel.memory;

import io.linkout.kernel.cpu.GuestLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Zeroed memory of this process that lives and dies together. Whoever closes it must know that no
 * guest mapping of it is left: the emulated CPU uses the raw address.
 */
public final class HostPages implements AutoCloseable {
  private final Arena arena = Arena.ofShared();

  /** There is no memory left in this process. */
  public static final class Exhausted extends Exception {
    private static final long serialVersionUID = 1;

    private Exhausted(long bytes) {
      super("no host memory for " + bytes + " bytes");
    }
  }

  /**
   * Returns {@code bytes} zeroed bytes that begin at a page boundary.
   *
   * @throws Exhausted if the process has no more
   */
  public MemorySegment allocate(long bytes) throws Exhausted {
    try {
      return arena.allocate(bytes, GuestLayout.PAGE);
    } catch (OutOfMemoryError e) {
      // Native memory only: the heap is as healthy as before, so going on is safe.
      throw new Exhausted(bytes);
    }
  }

  /** Gives all of it back. */
  @Override
  public void close() {
    arena.close();
  }
}
