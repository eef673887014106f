package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;

/** A bitmap in guest memory: an array of 64-bit words, bit 0 the lowest of the first. */
record GuestBits(GuestMemory memory, long address) {
  private static final int WORD = 64;

  /** Returns word {@code index}. */
  long word(long index) {
    return memory.readLong(address + 8 * index);
  }

  /** Stores word {@code index}. */
  void word(long index, long value) {
    memory.writeLong(address + 8 * index, value);
  }

  /** Returns the first bit at or after {@code from} that is {@code set}, or {@code bits}. */
  long next(boolean set, long from, long bits) {
    return next(w -> set ? word(w) : ~word(w), from, bits);
  }

  /** Returns the first set bit at or after {@code from} of computed words, or {@code bits}. */
  static long next(java.util.function.LongUnaryOperator words, long from, long bits) {
    if (Long.compareUnsigned(from, bits) >= 0) {
      return bits;
    }
    long index = from >>> 6;
    long word = words.applyAsLong(index) & (-1L << from);
    while (word == 0) {
      index++;
      if (Long.compareUnsigned(index * WORD, bits) >= 0) {
        return bits;
      }
      word = words.applyAsLong(index);
    }
    long found = index * WORD + Long.numberOfTrailingZeros(word);
    return Long.compareUnsigned(found, bits) < 0 ? found : bits;
  }

  /** Returns the last set bit below {@code bits}, or {@code bits}. */
  long last(long bits) {
    for (long index = words(bits) - 1; index >= 0; index--) {
      long word = word(index) & mask(index, bits);
      if (word != 0) {
        return index * WORD + 63 - Long.numberOfLeadingZeros(word);
      }
    }
    return bits;
  }

  /** Makes {@code count} bits from {@code from} on {@code set} or clear. */
  void assign(long from, long count, boolean set) {
    for (long at = from; at < from + count; ) {
      long index = at >>> 6;
      long taken = Math.min(WORD - at % WORD, from + count - at);
      long mask = (taken == WORD ? -1L : (1L << taken) - 1) << at;
      word(index, set ? word(index) | mask : word(index) & ~mask);
      at += taken;
    }
  }

  /** Returns the 64 bits from bit {@code from} on, 0 outside a map of {@code bits} bits. */
  long window(long from, long bits) {
    long index = from >> 6;
    long low = inside(index, bits) >>> from;
    return from % WORD == 0 ? low : low | inside(index + 1, bits) << -from;
  }

  private long inside(long index, long bits) {
    return index < 0 || index >= words(bits) ? 0 : word(index) & mask(index, bits);
  }

  /** Returns how many words hold {@code bits} bits. */
  static long words(long bits) {
    return (bits + WORD - 1) >>> 6;
  }

  /** Returns the bits of word {@code index} that belong to a map of {@code bits} bits. */
  static long mask(long index, long bits) {
    return index == bits >>> 6 ? (1L << bits) - 1 : -1L;
  }
}
