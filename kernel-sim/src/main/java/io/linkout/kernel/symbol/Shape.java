package io.linkout.kernel.symbol;

/**
 * What the first two words of a leaf tell, see {@link Leaf}.
 *
 * @param count exports
 * @param factsAt where what follows the names begins, in bits
 * @param startBits bits of a block's start
 * @param namespaceBits bits of a namespace's number; −1 if no export has one, and there is no list
 * @param crcBits 0 if no export has a CRC, 32 if each has, 33 if some have
 * @param rising true if each export of the first group lies above the one before it
 * @param plainBits bits of where an export of the first group is
 * @param strays exports that are not of the first group
 * @param groups owners' parts of regions
 * @param strayBits bits of how far a stray is above its group's lowest
 * @param ownerBits bits of a group's load id
 * @param leastBits bits of a group's lowest place
 */
record Shape(
    int count,
    int factsAt,
    int startBits,
    int namespaceBits,
    int crcBits,
    boolean rising,
    int plainBits,
    int strays,
    int groups,
    int strayBits,
    int ownerBits,
    int leastBits) {
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
        (first & 1) != 0,
        (int) (second >>> 57),
        (int) (second >>> 39) & MAX_COUNT - 1,
        (int) (second >>> 21) & MAX_COUNT - 1,
        (int) (second >>> 14) & 127,
        (int) (second >>> 7) & 127,
        (int) second & 127);
  }

  /** Writes it into the first two words of a leaf. */
  void into(long[] words) {
    words[0] =
        (long) count << 46
            | (long) factsAt << 20
            | (long) startBits << 15
            | (long) (namespaceBits + 1) << 10
            | (long) crcBits << 4
            | (rising ? 1 : 0);
    words[1] =
        (long) plainBits << 57
            | (long) strays << 39
            | (long) groups << 21
            | (long) strayBits << 14
            | (long) ownerBits << 7
            | leastBits;
  }

  /** Returns how many bits of facts each export has, where it is not counted. */
  int factBits() {
    return 1 + Math.max(0, namespaceBits) + crcBits;
  }

  /** Returns the bits of a group's number. */
  int groupBits() {
    return Leaf.bitsFor(groups - 1L);
  }

  /** Returns the bits of a group. */
  int wholeGroupBits() {
    return AddressRegions.NUMBER_BITS + ownerBits + leastBits;
  }

  /** Returns where the bit of each export begins that says whether it is a stray, in bits. */
  int flagsAt() {
    return factsAt + count * factBits();
  }

  /** Returns where the places of the exports of the first group begin, in bits. */
  int plainAt() {
    return flagsAt() + (strays > 0 ? count : 0);
  }

  /** Returns where the places of strays begin, in bits. */
  int straysAt() {
    return plainAt() + (count - strays) * plainBits;
  }

  /** Returns where the groups begin, in bits. */
  int groupsAt() {
    return straysAt() + strays * (groupBits() + strayBits);
  }
}
