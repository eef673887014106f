package io.linkout.kernel.symbol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An export on its way into a leaf.
 *
 * @param name its name in UTF-8
 * @param packed the end of its name as it was packed before, if it was
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a record
record Row(byte[] name, ExportedSymbol symbol, @Nullable Packed packed) {
  /** Bytes of the longest name. */
  static final int MAX_NAME = 0xffff;

  /**
   * Makes one of {@code symbol}.
   *
   * @throws IllegalArgumentException if its name has no form in UTF-8 or a too long one
   */
  static Row of(ExportedSymbol symbol) {
    byte[] name = bytes(symbol.name());
    if (name.length > MAX_NAME) {
      throw new IllegalArgumentException("export with a name of " + name.length + " bytes");
    }
    for (int i = 0; i < name.length; i++) {
      if (name[i] < 0 && !new String(name, StandardCharsets.UTF_8).equals(symbol.name())) {
        throw new IllegalArgumentException("export " + symbol.name() + " has no form in UTF-8");
      }
    }
    return new Row(name, symbol, null);
  }

  /**
   * What follows the first {@code shared} bytes of a name, as bits {@code from} to {@code to} of
   * {@code words}.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  record Packed(long[] words, int from, int to, int shared) {}

  /** Returns a name as bytes. */
  static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns which of two rows is first, by the bytes of their names. */
  static int compare(Row one, Row other) {
    return Arrays.compareUnsigned(one.name, other.name);
  }

  /**
   * Returns true if a leaf begins here, wherever else one does: so that the same exports make the
   * same leaves, in whatever order they came. Of {@code 1 << bits} names one does.
   */
  boolean begins(int bits) {
    int hash = 0;
    for (byte b : name) {
      hash = hash * 31 + b;
    }
    // Fibonacci hashing: the high bits are those that depend on all of it.
    return (hash * 0x9e3779b9) >>> (32 - bits) == 0;
  }
}
