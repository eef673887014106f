package io.linkout.kernel.api.text;

/**
 * SipHash-2-4 over 64-bit words (Aumasson and Bernstein, 2012), as lib/siphash.c has it for whole
 * words and a rest.
 *
 * @param key0 first half of the key
 * @param key1 second half of the key
 */
record SipHash(long key0, long key1) {
  /** Returns the hash of {@code words}, eight bytes each. */
  long of(long... words) {
    return ofRest(words, 0, 0);
  }

  /**
   * Returns the hash of {@code words} followed by {@code restBytes} (0 to 7) low bytes of {@code
   * rest}.
   */
  long ofRest(long[] words, long rest, int restBytes) {
    State state = new State(key0, key1);
    for (long word : words) {
      state.absorb(word);
    }
    long length = words.length * 8L + restBytes;
    state.absorb((length << 56) | rest);
    return state.finish();
  }

  State state() {
    return new State(key0, key1);
  }

  static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    State(long key0, long key1) {
      v0 = 0x736f6d6570736575L ^ key0;
      v1 = 0x646f72616e646f6dL ^ key1;
      v2 = 0x6c7967656e657261L ^ key0;
      v3 = 0x7465646279746573L ^ key1;
    }

    void absorb(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
    }

    long finish() {
      v2 ^= 0xff;
      for (int i = 0; i < 4; i++) {
        round();
      }
      return v0 ^ v1 ^ v2 ^ v3;
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
