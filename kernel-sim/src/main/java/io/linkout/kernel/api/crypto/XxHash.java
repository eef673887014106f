package io.linkout.kernel.api.crypto;

import java.util.function.LongUnaryOperator;

/** The rounds of xxHash (Collet, xxHash fast digest algorithm 0.1.1), 64 and 32 bits wide. */
final class XxHash {
  private static final long P1 = 0x9e3779b185ebca87L;
  private static final long P2 = 0xc2b2ae3d27d4eb4fL;
  private static final long P3 = 0x165667b19e3779f9L;
  private static final long P4 = 0x85ebca77c2b2ae63L;
  private static final long P5 = 0x27d4eb2f165667c5L;

  private static final int Q1 = 0x9e3779b1;
  private static final int Q2 = 0x85ebca77;
  private static final int Q3 = 0xc2b2ae3d;
  private static final int Q4 = 0x27d4eb2f;
  private static final int Q5 = 0x165667b1;

  private XxHash() {}

  /** Returns the four accumulators a 64-bit hash begins with. */
  static long[] start64(long seed) {
    return new long[] {seed + P1 + P2, seed + P2, seed, seed - P1};
  }

  static long round64(long accumulator, long input) {
    return Long.rotateLeft(accumulator + input * P2, 31) * P1;
  }

  /** Returns what the accumulators come to: after at least one stripe of 32 bytes. */
  static long merge64(long[] v) {
    long hash =
        Long.rotateLeft(v[0], 1)
            + Long.rotateLeft(v[1], 7)
            + Long.rotateLeft(v[2], 12)
            + Long.rotateLeft(v[3], 18);
    for (long accumulator : v) {
      hash = (hash ^ round64(0, accumulator)) * P1 + P4;
    }
    return hash;
  }

  /** Returns what a hash of less than one stripe begins with. */
  static long short64(long seed) {
    return seed + P5;
  }

  /**
   * Returns the hash after the last bytes.
   *
   * @param bytes the unsigned byte at each index
   * @param size fewer than 32
   */
  static long finish64(long start, LongUnaryOperator bytes, int size) {
    long hash = start;
    int at = 0;
    for (; at + 8 <= size; at += 8) {
      long word = word(bytes, at, 8);
      hash = Long.rotateLeft(hash ^ round64(0, word), 27) * P1 + P4;
    }
    if (at + 4 <= size) {
      hash = Long.rotateLeft(hash ^ (word(bytes, at, 4) * P1), 23) * P2 + P3;
      at += 4;
    }
    for (; at < size; at++) {
      hash = Long.rotateLeft(hash ^ (bytes.applyAsLong(at) * P5), 11) * P1;
    }
    hash = (hash ^ (hash >>> 33)) * P2;
    hash = (hash ^ (hash >>> 29)) * P3;
    return hash ^ (hash >>> 32);
  }

  /** Returns the four accumulators a 32-bit hash begins with. */
  static int[] start32(int seed) {
    return new int[] {seed + Q1 + Q2, seed + Q2, seed, seed - Q1};
  }

  static int round32(int accumulator, int input) {
    return Integer.rotateLeft(accumulator + input * Q2, 13) * Q1;
  }

  /** Returns what the accumulators come to: after at least one stripe of 16 bytes. */
  static int merge32(int[] v) {
    return Integer.rotateLeft(v[0], 1)
        + Integer.rotateLeft(v[1], 7)
        + Integer.rotateLeft(v[2], 12)
        + Integer.rotateLeft(v[3], 18);
  }

  /** Returns what a hash of less than one stripe begins with. */
  static int short32(int seed) {
    return seed + Q5;
  }

  /** Returns the hash after the last bytes, fewer than 16. */
  static int finish32(int start, LongUnaryOperator bytes, int size) {
    int hash = start;
    int at = 0;
    for (; at + 4 <= size; at += 4) {
      hash = Integer.rotateLeft(hash + (int) word(bytes, at, 4) * Q3, 17) * Q4;
    }
    for (; at < size; at++) {
      hash = Integer.rotateLeft(hash + (int) bytes.applyAsLong(at) * Q5, 11) * Q1;
    }
    hash = (hash ^ (hash >>> 15)) * Q2;
    hash = (hash ^ (hash >>> 13)) * Q3;
    return hash ^ (hash >>> 16);
  }

  private static long word(LongUnaryOperator bytes, int at, int size) {
    long word = 0;
    for (int i = 0; i < size; i++) {
      word |= bytes.applyAsLong(at + i) << (8 * i);
    }
    return word;
  }
}
