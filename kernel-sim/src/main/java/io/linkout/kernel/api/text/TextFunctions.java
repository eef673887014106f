package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import java.util.function.Consumer;

/** Every function of this package. */
public final class TextFunctions {
  private TextFunctions() {}

  /**
   * Declares them all.
   *
   * @param format formats, for this boot
   * @param allocator for functions that return new objects
   * @param random fills an array with random bytes
   */
  public static void declare(
      FunctionTable table, GuestFormat format, Allocator allocator, Consumer<byte[]> random) {
    FormatFunctions.declare(table, format, allocator);
    ScanFunctions.declare(table);
    StringFunctions.declare(table);
    MemoryFunctions.declare(table);
    NumberFunctions.declare(table);
    HexFunctions.declare(table);
    EscapeFunctions.declare(table);
    SortFunctions.declare(table);
    BitFunctions.declare(table, allocator);
    ChecksumFunctions.declare(table);
    MathFunctions.declare(table);
    HashFunctions.declare(table);
    TokenFunctions.declare(table, allocator);
    UuidFunctions.declare(table, random);
  }
}
