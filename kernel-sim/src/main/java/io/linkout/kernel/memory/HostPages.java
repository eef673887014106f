package io.linkout.kernel.memory;

import io.linkout.kernel.cpu.GuestLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Zeroed memory of this process that lives and dies together. Whoever closes it must know that no
 * guest mapping of it is left: the emulated CPU uses the raw address.
 *
 * <p>Nor does the JVM notice who uses a segment of it after the close. Segments that it watches
 * over, those of a shared arena, cost too much: at each close it asks every thread in turn whether
 * it is using them, which took longer than all else the kernel does for a load.
 */
public final class HostPages implements AutoCloseable {
  /** For tests: the JVM does watch, and a use after the close is an exception. */
  private static final boolean CHECKED = Boolean.getBoolean("linkout.memory.checked");

  private final @Nullable Watched watched;
  private final List<MemorySegment> blocks = new ArrayList<>(4);

  /** Memory whose use after the close is an exception. */
  private static final class Watched {
    private final Arena arena = Arena.ofShared();
  }

  /** There is no memory left in this process. */
  public static final class Exhausted extends Exception {
    private static final long serialVersionUID = 1;

    private Exhausted(long bytes) {
      super("no host memory for " + bytes + " bytes");
    }
  }

  /** No memory yet. */
  public HostPages() {
    this(CHECKED);
  }

  HostPages(boolean checked) {
    watched = checked ? new Watched() : null;
  }

  /**
   * Returns {@code bytes} zeroed bytes that begin at a page boundary.
   *
   * @throws Exhausted if the process has no more
   */
  public MemorySegment allocate(long bytes) throws Exhausted {
    if (watched != null) {
      try {
        return watched.arena.allocate(bytes, GuestLayout.PAGE);
      } catch (OutOfMemoryError e) {
        // Native memory only: the heap is as healthy as before, so going on is safe.
        throw new Exhausted(bytes);
      }
    }
    MemorySegment block = NativeHeap.zeroed(bytes + GuestLayout.PAGE - 1);
    if (block.address() == 0) {
      throw new Exhausted(bytes);
    }
    blocks.add(block);
    return block.asSlice(GuestLayout.pageUp(block.address()) - block.address(), bytes);
  }

  /** Gives all of it back. */
  @Override
  public void close() {
    if (watched != null) {
      watched.arena.close();
    }
    blocks.forEach(NativeHeap::free);
    blocks.clear();
  }
}
