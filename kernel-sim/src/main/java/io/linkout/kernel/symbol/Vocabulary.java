package io.linkout.kernel.symbol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The pieces that names of kernel symbols are made of, each with a code of 5 to 18 bits: short for
 * those that are met often. Codes form a canonical prefix code: shorter ones come first, those of
 * one length count up, so that a code's number follows from its length and value alone.
 *
 * <p>The pieces come from a file of this package, one a line with the length of its code in bits,
 * in the order of the codes, of one length those last that end names: {@code $} ends a name, {@code
 * *} alone stands for a byte that follows in 8 bits. {@code bench/vocabulary} made it from the
 * names in a Debian kernel's Module.symvers.
 */
final class Vocabulary {
  /** Bits that hold the longest code. */
  static final int CODE_BITS = 24;

  private static final int FAST_BITS = 10;

  private final byte[] text;
  private final char[] start;
  private final int[] limit = new int[CODE_BITS + 1];
  private final int[] base = new int[CODE_BITS + 1];
  private final byte[] fastLength = new byte[1 << FAST_BITS];
  private final int[] endsFrom = new int[CODE_BITS + 1];
  private final int escape;
  private final int escapeFrom;

  private Vocabulary(byte[] file) {
    int count = 0;
    for (byte b : file) {
      count += b == '\n' ? 1 : 0;
    }
    byte[] pieces = new byte[file.length];
    start = new char[count + 1];
    int used = 0;
    int piece = 0;
    int code = 0;
    int escaping = -1;
    int previous = 0;
    int at = 0;
    while (at < file.length) {
      int length = 0;
      for (; file[at] != ' '; at++) {
        length = length * 10 + file[at] - '0';
      }
      at++;
      if (file[at] == '*') {
        escaping = piece;
      }
      for (; file[at] != '\n'; at++) {
        pieces[used++] = file[at] == '$' ? 0 : file[at];
      }
      for (; previous < length; previous++) {
        code <<= 1;
        base[previous + 1] = piece - code;
      }
      code++;
      boolean ends = escaping == piece || pieces[used - 1] == 0;
      if (!ends) {
        endsFrom[length] = code << (CODE_BITS - length);
      }
      limit[length] = code << (CODE_BITS - length);
      start[++piece] = (char) used;
      at++;
    }
    escapeFrom = (code - 1) << (CODE_BITS - previous);
    // Lengths that no code has: what is below is taken by a shorter code or a longer one.
    for (int length = 1; length <= CODE_BITS; length++) {
      limit[length] = Math.max(limit[length], limit[length - 1]);
    }
    text = java.util.Arrays.copyOf(pieces, used);
    escape = escaping;
    if (escape != start.length - 2) {
      throw new IllegalStateException("the vocabulary's last code is not that of *");
    }
    for (int i = 0; i < fastLength.length; i++) {
      int least = i << (CODE_BITS - FAST_BITS);
      int length = 1;
      while (length < CODE_BITS && least >= limit[length]) {
        length++;
      }
      fastLength[i] = (byte) length;
    }
  }

  /** Reads the vocabulary of this package. */
  static Vocabulary read() {
    try (InputStream file = Vocabulary.class.getResourceAsStream("vocabulary")) {
      if (file == null) {
        throw new IllegalStateException("no resource vocabulary beside " + Vocabulary.class);
      }
      return new Vocabulary(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the vocabulary cannot be read", e);
    }
  }

  /** Returns how many pieces there are. */
  int size() {
    return start.length - 1;
  }

  /** Returns the number of the piece that says that 8 bits follow. */
  int escape() {
    return escape;
  }

  /** Returns the length in bits of the code that {@code window}, of 24 bits, begins with. */
  int length(int window) {
    int length = fastLength[window >>> (CODE_BITS - FAST_BITS)];
    while (window >= limit[length]) {
      length++;
    }
    return length;
  }

  /** Returns the number of the piece whose code of {@code length} bits begins {@code window}. */
  int piece(int window, int length) {
    return base[length] + (window >>> (CODE_BITS - length));
  }

  /** Returns the first index into the text of {@code piece}; that of the next one is its end. */
  int start(int piece) {
    return start[piece];
  }

  /** Returns byte {@code index} of the text of all pieces; 0 ends a name. */
  byte text(int index) {
    return text[index];
  }

  /**
   * Returns true if a name ends with the piece whose code of {@code length} bits begins {@code
   * window}. Such pieces have the last codes of their length. True for {@code *} as well.
   */
  boolean ends(int window, int length) {
    return window >= endsFrom[length];
  }

  /** Returns true if {@code window} begins with the code of {@code *}, the last of all. */
  boolean escapes(int window) {
    return window >= escapeFrom;
  }

  /** Returns the length in bits of the code of {@code piece}. */
  int codeLength(int piece) {
    int length = 1;
    while ((long) code(piece, length) << (CODE_BITS - length) >= limit[length]) {
      length++;
    }
    return length;
  }

  /** Returns the code of {@code piece}, which has {@code length} bits. */
  int code(int piece, int length) {
    return piece - base[length];
  }

  /** Returns a piece as it is written in the file. */
  String written(int piece) {
    return new String(
            text, start[piece], start[piece + 1] - start[piece], StandardCharsets.US_ASCII)
        .replace('\0', '$');
  }

  /** Returns the bytes of memory that this and what only it refers to take. */
  long bytes() {
    return Sizes.object(6 * Sizes.REFERENCE + 2 * 4)
        + Sizes.array(text.length, 1)
        + Sizes.array(start.length, 2)
        + Sizes.array(limit.length, 4)
        + Sizes.array(base.length, 4)
        + Sizes.array(endsFrom.length, 4)
        + Sizes.array(fastLength.length, 1);
  }
}
