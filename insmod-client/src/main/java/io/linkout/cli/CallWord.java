package io.linkout.cli;

import io.linkout.rpc.CallArgument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** An argument of kcall as it is written on the command line. */
final class CallWord {
  private CallWord() {}

  /**
   * Returns what {@code word} stands for; {@code sym:} is not known here.
   *
   * @throws Failure if it is malformed, or its file cannot be read
   */
  static CallArgument parse(String word) {
    int colon = word.indexOf(':');
    if (colon < 0) {
      return new CallArgument.Value(integer(word, word));
    }
    String text = word.substring(colon + 1);
    return switch (word.substring(0, colon)) {
      case "str" -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        yield new CallArgument.Input(Arrays.copyOf(bytes, bytes.length + 1));
      }
      case "hex" -> new CallArgument.Input(hex(text, word));
      case "file" -> new CallArgument.Input(file(text));
      case "inout" -> new CallArgument.InOut(hex(text, word));
      case "out" -> new CallArgument.Output(size(text, word));
      default -> throw bad(word);
    };
  }

  /** Returns a 64-bit number: decimal, perhaps negative, or 0x; signed or unsigned. */
  private static long integer(String text, String word) {
    boolean negative = text.startsWith("-");
    String digits = negative ? text.substring(1) : text;
    boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
    digits = hex ? digits.substring(2) : digits;
    if (digits.startsWith("-") || digits.startsWith("+")) {
      throw bad(word);
    }
    try {
      long value = Long.parseUnsignedLong(digits, hex ? 16 : 10);
      if (negative && value < 0 && value != Long.MIN_VALUE) {
        throw bad(word);
      }
      return negative ? -value : value;
    } catch (NumberFormatException e) {
      throw bad(word);
    }
  }

  private static int size(String text, String word) {
    long size = integer(text, word);
    if (size <= 0 || size > Integer.MAX_VALUE) {
      throw new Failure("bad argument '" + word + "': a size is 1 to " + Integer.MAX_VALUE);
    }
    return (int) size;
  }

  private static byte[] hex(String text, String word) {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new Failure("bad argument '" + word + "': not an even number of hexadecimal digits");
    }
  }

  private static byte[] file(String path) {
    try {
      return Files.readAllBytes(Path.of(path));
    } catch (IOException e) {
      throw new Failure("cannot read " + path + ": " + FileReason.of(e));
    }
  }

  private static Failure bad(String word) {
    return new Failure(
        "bad argument '"
            + word
            + "': an integer, str:, hex:, file:, inout:, out: or sym: is wanted");
  }
}
