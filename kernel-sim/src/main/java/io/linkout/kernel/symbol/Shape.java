package io.linkout.kernel.symbol;

/**
 * What the first two words of a leaf tell, see {@link Leaf}.
 *
 * @param count exports
 * @param factsAt where what follows the names begins, in bits
 * @param startBits bits of a block's start
 * @param namespaceBits bits of a namespace's number; −1 if no export has one, and there is no list
 * @param crcBits 0 if no export has a CRC, 32 if each has, 33 if some have
 * @param placeBits bits of a place
 * @param strays exports that are not of the first group
 * @param groups owners' parts of regions
 * @param groupBits bits of a group's number
 * @param strayBits bits of how far a stray is above its group's lowest
 */
record Shape(
    int count,
    int factsAt,
    int startBits,
    int namespaceBits,
    int crcBits,
    int placeBits,
    int strays,
    int groups,
    int groupBits,
    int strayBits) {
  /** One more than the exports a leaf can have, and the groups. */
  static final int MAX_COUNT = 1 << 18;

  /** One more than the bits that names can take. */
  static final int MAX_FACTS_AT = 1 << 26;

  /** Reads the shape of a leaf. */
  static Shape of(long[] words) {
    long first = words[0];
    long second = words[1];
    return new Shape(
        (int) (first >>> 46),
        (int) (first >>> 20) & MAX_FACTS_AT - 1,
        (int) (first >>> 15) & 31,
        ((int) (first >>> 10) & 31) - 1,
        (int) (first >>> 4) & 63,
        (int) (second >>> 57),
        (int) (second >>> 39) & MAX_COUNT - 1,
        (int) (second >>> 21) & MAX_COUNT - 1,
        (int) (second >>> 16) & 31,
        (int) (second >>> 9) & 127);
  }

  /** Writes it into the first two words of a leaf. */
  void into(long[] words) {
    words[0] =
        (long) count << 46
            | (long) factsAt << 20
            | (long) startBits << 15
            | (long) (namespaceBits + 1) << 10
            | (long) crcBits << 4;
    words[1] =
        (long) placeBits << 57
            | (long) strays << 39
            | (long) groups << 21
            | (long) groupBits << 16
            | (long) strayBits << 9;
  }

  /** Returns how many bits of facts each export has. */
  int factBits() {
    return 1 + Math.max(0, namespaceBits) + placeBits + crcBits;
  }
}
