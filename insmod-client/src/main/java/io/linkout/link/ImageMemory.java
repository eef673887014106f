package io.linkout.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Host memory for images, used again from one link to the next: fresh pages cost more than the
 * relocations written to them. Confined to one thread.
 */
final class ImageMemory {
  private static final long MEGABYTE = 1 << 20;

  private @Nullable ByteBuffer spare;

  /** Returns at least {@code bytes} bytes with anything in them, the taker's until given back. */
  ByteBuffer take(long bytes) {
    if (bytes > Integer.MAX_VALUE - MEGABYTE) {
      throw new OutOfMemoryError("image of " + bytes + " bytes");
    }
    ByteBuffer memory = spare;
    spare = null;
    if (memory == null || memory.capacity() < bytes) {
      // Rounded up, so that a slightly larger module fits the next time.
      long capacity = bytes < MEGABYTE ? bytes : (bytes + MEGABYTE - 1) & -MEGABYTE;
      memory = ByteBuffer.allocateDirect((int) capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
    return memory;
  }

  /** Gives memory back. */
  void giveBack(ByteBuffer memory) {
    if (spare == null || spare.capacity() < memory.capacity()) {
      spare = memory;
    }
  }
}
