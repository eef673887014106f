package io.linkout.kernel.api.text;

/**
 * What %p prints for a pointer: the low 32 bits of its SipHash under a key of this boot, so that
 * equal pointers look equal and no address shows (ptr_to_id of lib/vsprintf.c).
 */
public final class PointerHash {
  private final SipHash hash;

  /** Hashes under a key made from {@code seed}; the same seed gives the same hashes. */
  public PointerHash(long seed) {
    java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
    this.hash = new SipHash(random.nextLong(), random.nextLong());
  }

  /** Returns the hash of guest address {@code pointer}: 32 bits. */
  public long of(long pointer) {
    return hash.of(pointer) & 0xffffffffL;
  }
}
