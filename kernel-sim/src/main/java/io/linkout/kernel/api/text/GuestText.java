package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.GuestMemory;

/**
 * Bytes of guest memory read one after the other, without looking up the mapping for each. Never
 * reads a byte that was not asked for unless it is on the same 256 bytes as one that was, so that
 * it faults exactly where reading byte by byte would. What is written meanwhile is not seen: for
 * functions that only read.
 */
final class GuestText {
  private static final int CHUNK = 256;

  private final GuestMemory memory;
  private long start;
  private byte[] chunk = {};
  private final WorkLimit limit;

  GuestText(GuestMemory memory) {
    this.memory = memory;
    this.limit = new WorkLimit(memory);
  }

  /** Returns the unsigned byte at guest address {@code address}. */
  int at(long address) {
    limit.count();
    long offset = address - start;
    if (offset < 0 || offset >= chunk.length) {
      fetch(address);
      offset = 0;
    }
    return chunk[(int) offset] & 0xff;
  }

  /** Returns the length of the string at {@code address}, at most {@code limit} (unsigned). */
  long length(long address, long limit) {
    long length = 0;
    while (length != limit && at(address + length) != 0) {
      length++;
    }
    return length;
  }

  /** Returns the length of the string at {@code address}. */
  long length(long address) {
    return length(address, -1);
  }

  private void fetch(long address) {
    int size = CHUNK - (int) (address & (CHUNK - 1));
    if (!memory.allows(address, size, Access.READ)) {
      size = 1;
    }
    chunk = memory.read(address, size);
    start = address;
  }
}
