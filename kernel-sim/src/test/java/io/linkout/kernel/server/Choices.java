package io.linkout.kernel.server;

/** Bytes read as decisions; once they are used up, every decision is the first. */
final class Choices {
  private final byte[] bytes;
  private int at;

  Choices(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns true if not all is used up. */
  boolean more() {
    return at < bytes.length;
  }

  /** Returns the next byte, 0 to 255. */
  int next() {
    return at < bytes.length ? bytes[at++] & 0xff : 0;
  }

  /** Returns a number from 0 to {@code bound - 1}. */
  int below(int bound) {
    return next() % bound;
  }

  /** Returns true once in {@code times}. */
  boolean oneIn(int times) {
    return next() % times == times - 1;
  }

  /** Returns one of {@code all}, which is not empty. */
  @SafeVarargs
  final <T> T of(T... all) {
    return all[below(all.length)];
  }

  /** Returns the next {@code count} bytes. */
  byte[] take(int count) {
    byte[] taken = new byte[count];
    for (int i = 0; i < count; i++) {
      taken[i] = (byte) next();
    }
    return taken;
  }

  /** Returns a number of eight bytes. */
  long number() {
    long number = 0;
    for (byte b : take(Long.BYTES)) {
      number = (number << 8) | (b & 0xff);
    }
    return number;
  }
}
