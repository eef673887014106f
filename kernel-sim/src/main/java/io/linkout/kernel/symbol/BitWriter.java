package io.linkout.kernel.symbol;

import java.util.Arrays;

/** Bits in the order they are put, the highest of a word first. */
final class BitWriter {
  private long[] words = new long[256];
  private int length;

  /** Appends the {@code count} low bits of {@code bits}, at most 64. */
  void put(long bits, int count) {
    if (count == 0) {
      return;
    }
    int word = length >>> 6;
    int free = 64 - (length & 63);
    if (word + 2 > words.length) {
      words = Arrays.copyOf(words, words.length * 2);
    }
    long clean = count == 64 ? bits : bits & ((1L << count) - 1);
    if (count <= free) {
      words[word] |= clean << (free - count);
    } else {
      words[word] |= clean >>> (count - free);
      words[word + 1] |= clean << (64 - (count - free));
    }
    length += count;
  }

  /** Appends all bits of {@code other}. */
  void put(BitWriter other) {
    put(other.words, 0, other.length);
  }

  /** Appends bits {@code from} to {@code to} of {@code others}. */
  void put(long[] others, int from, int to) {
    for (int at = from; at < to; ) {
      int count = Math.min(to - at, 64 - (at & 63));
      put(others[at >>> 6] >>> (64 - (at & 63) - count), count);
      at += count;
    }
  }

  /** Returns how many bits there are. */
  int length() {
    return length;
  }

  /** Forgets all bits. */
  void clear() {
    Arrays.fill(words, 0, (length + 63) >>> 6, 0);
    length = 0;
  }

  /** Returns all bits, filled up with zeros to whole words. */
  long[] toWords() {
    return Arrays.copyOf(words, (length + 63) >>> 6);
  }
}
