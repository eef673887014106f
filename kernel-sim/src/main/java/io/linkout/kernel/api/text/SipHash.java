package io.linkout.kernel.api.text;

/**
 * SipHash over 64-bit words (Aumasson and Bernstein, 2012), as lib/siphash.c has it for whole words
 * and a rest.
 *
 * @param key0 first half of the key
 * @param key1 second half of the key
 * @param wordRounds rounds for each word
 * @param lastRounds rounds at the end
 */
record SipHash(long key0, long key1, int wordRounds, int lastRounds) {
  /** SipHash-2-4. */
  SipHash(long key0, long key1) {
    this(key0, key1, 2, 4);
  }

  /** Returns the hash of {@code words}, eight bytes each. */
  long of(long... words) {
    return ofRest(words, 0, 0);
  }

  /**
   * Returns the hash of {@code words} followed by {@code restBytes} (0 to 7) low bytes of {@code
   * rest}.
   */
  long ofRest(long[] words, long rest, int restBytes) {
    State state = state();
    for (long word : words) {
      state.absorb(word);
    }
    long length = words.length * 8L + restBytes;
    state.absorb((length << 56) | rest);
    return state.finish();
  }

  State state() {
    return new State(this);
  }

  /** Words taken in so far. */
  static final class State {
    private final SipHash hash;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private State(SipHash hash) {
      this.hash = hash;
      v0 = 0x736f6d6570736575L ^ hash.key0;
      v1 = 0x646f72616e646f6dL ^ hash.key1;
      v2 = 0x6c7967656e657261L ^ hash.key0;
      v3 = 0x7465646279746573L ^ hash.key1;
    }

    void absorb(long word) {
      v3 ^= word;
      rounds(hash.wordRounds);
      v0 ^= word;
    }

    long finish() {
      v2 ^= 0xff;
      rounds(hash.lastRounds);
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void rounds(int count) {
      for (int i = 0; i < count; i++) {
        round();
      }
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
