package io.linkout.kernel.symbol;

/**
 * Bytes of objects as a 64-bit JVM with compressed references lays them out; a test holds them
 * against what JOL measures.
 */
final class Sizes {
  private static final int OBJECT_HEADER = 12;
  private static final int ARRAY_HEADER = 16;

  /** Bytes of a reference. */
  static final int REFERENCE = 4;

  private Sizes() {}

  /** Returns the bytes of an object whose fields take {@code fields} bytes. */
  static long object(int fields) {
    return align(OBJECT_HEADER + fields);
  }

  /** Returns the bytes of an array of {@code length} elements of {@code element} bytes. */
  static long array(int length, int element) {
    return align(ARRAY_HEADER + (long) length * element);
  }

  private static long align(long bytes) {
    return (bytes + 7) & -8L;
  }
}
