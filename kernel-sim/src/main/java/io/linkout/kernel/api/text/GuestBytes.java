package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;

/**
 * Copies within guest memory of sizes the guest chose: unsigned, so that a negative one runs until
 * it faults, as it would in Linux; in parts, so that the host never allocates that much.
 */
final class GuestBytes {
  private static final int PART = 1 << 14;

  private GuestBytes() {}

  /** Copies forwards. */
  static void copy(GuestMemory memory, long to, long from, long size) {
    long left = size;
    for (long done = 0; left != 0; ) {
      int part = part(left);
      memory.write(to + done, memory.read(from + done, part));
      done += part;
      left -= part;
    }
  }

  /** Stores {@code size} times the low byte of {@code value}. */
  static void fill(GuestMemory memory, long to, long size, int value) {
    long left = size;
    for (long done = 0; left != 0; ) {
      int part = part(left);
      memory.fill(to + done, part, value);
      done += part;
      left -= part;
    }
  }

  /** Swaps two areas that do not overlap. */
  static void swap(GuestMemory memory, long first, long second, long size) {
    long left = size;
    for (long done = 0; left != 0; ) {
      int part = part(left);
      byte[] kept = memory.read(first + done, part);
      memory.write(first + done, memory.read(second + done, part));
      memory.write(second + done, kept);
      done += part;
      left -= part;
    }
  }

  private static int part(long left) {
    return Long.compareUnsigned(left, PART) < 0 ? (int) left : PART;
  }
}
