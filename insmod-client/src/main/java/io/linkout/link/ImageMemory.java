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

  /** Least that any file may have its image hold, in bytes. */
  private static final long LEAST = 16 * MEGABYTE;

  /** Bytes of image for each byte of a file. */
  private static final long PER_FILE_BYTE = 16;

  private @Nullable ByteBuffer spare;

  /**
   * Returns how many bytes the image of a file of {@code fileSize} bytes may hold in host memory. A
   * section without bytes in the file costs nothing here as long as none with bytes follows it in
   * its segment, which is how ld -r lays files out: in all of Debian's modules the zeroes held are
   * none. Without a bound a file of a kilobyte could make its reader ask for a gigabyte.
   */
  static long mostBytes(long fileSize) {
    return LEAST + PER_FILE_BYTE * fileSize;
  }

  /**
   * Returns at least {@code bytes} bytes with anything in them, the taker's until given back; not
   * more than {@link #mostBytes} and what a buffer can have.
   */
  ByteBuffer take(long bytes) {
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
