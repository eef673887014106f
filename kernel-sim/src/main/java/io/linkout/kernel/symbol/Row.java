package io.linkout.kernel.symbol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An export on its way into a leaf.
 *
 * @param name its name in UTF-8
 * @param address guest address, or an offset from the per-CPU base
 * @param crc meaningless without {@code hasCrc}
 * @param owner load id of the module that exports it, 0 for the kernel
 * @param packed the words that have its name already, if {@code restEnd} is not 0
 * @param shared bytes of the name that were shared with the one before it there
 * @param restAt where what follows them begins, in bits
 * @param restEnd where it ends
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a record
record Row(
    byte[] name,
    long address,
    boolean hasCrc,
    int crc,
    boolean gplOnly,
    String namespace,
    long owner,
    long[] packed,
    int shared,
    int restAt,
    int restEnd) {
  /** Bytes of the longest name. */
  static final int MAX_NAME = 0xffff;

  private static final long[] NOWHERE = {};

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
    Integer crc = symbol.crc();
    return new Row(
        name,
        symbol.address(),
        crc != null,
        crc == null ? 0 : crc,
        symbol.gplOnly(),
        symbol.namespace(),
        symbol.owner(),
        NOWHERE,
        0,
        0,
        0);
  }

  /** Returns something to look for a name with. */
  static Row called(byte[] name) {
    return new Row(name, 0, false, 0, false, "", 0, NOWHERE, 0, 0, 0);
  }

  /** Returns the export. */
  ExportedSymbol symbol() {
    return new ExportedSymbol(
        new String(name, StandardCharsets.UTF_8),
        address,
        hasCrc ? crc : null,
        gplOnly,
        namespace,
        owner);
  }

  /** Returns true if the end of the name after {@code bytes} bytes is packed already. */
  boolean isPackedAfter(int bytes) {
    return restEnd > 0 && shared == bytes;
  }

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
