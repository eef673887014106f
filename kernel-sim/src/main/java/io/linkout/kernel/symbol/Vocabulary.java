package io.linkout.kernel.symbol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * The pieces that names of kernel symbols are made of, each with a code of 6 to 13 bits: short for
 * those that are met often. It is a prefix code, and its first 8 bits tell how long a code is and
 * whether its piece ends a name, so that a search gets past a name without a guess: codes of one
 * length and kind count up from a multiple of a 256th of all codes.
 *
 * <p>The pieces come from a file of this package, one a line with the length of its code in bits,
 * in the order of the codes: {@code $} ends a name, {@code *}, the last, stands for a byte that
 * follows in 8 bits. {@code bench/vocabulary} made it from the names in a Debian kernel's
 * Module.symvers; it knows nothing of them but what pieces they often have.
 */
final class Vocabulary {
  /** Bits that hold the longest code. */
  static final int CODE_BITS = 24;

  /** Bits of a step that are the length of a code. */
  static final int LENGTH = 31;

  /** Bit of a step that says that a name ends there. */
  static final int ENDS = 32;

  /** Bit of a step that says that a byte follows. */
  static final int ESCAPE = 64;

  /** Bits that tell the step. */
  static final int FAST_BITS = 8;

  private final byte[] text;

  /** Where each piece's text begins, and the last one's ends. */
  private final char[] start;

  /** Steps by the first 8 bits of a code. */
  private final byte[] steps = new byte[1 << FAST_BITS];

  /** What makes a piece's number of a code of a length and kind, by step. */
  private final int[] base = new int[ESCAPE + ENDS];

  private Vocabulary(byte[] file) {
    int count = 0;
    for (byte b : file) {
      count += b == '\n' ? 1 : 0;
    }
    byte[] pieces = new byte[file.length];
    start = new char[count + 1];
    int used = 0;
    int piece = 0;
    int last = 0;
    int code = 0;
    int at = 0;
    while (at < file.length) {
      int length = 0;
      for (; file[at] != ' '; at++) {
        length = length * 10 + file[at] - '0';
      }
      at++;
      int step = file[at] == '*' ? length | ESCAPE : length;
      for (; file[at] != '\n'; at++) {
        pieces[used++] = file[at] == '$' ? 0 : file[at];
        step |= file[at] == '$' ? ENDS : 0;
      }
      at++;
      int unit = 1 << (CODE_BITS - length);
      if (step != last) {
        int whole = Math.max(unit, 1 << (CODE_BITS - FAST_BITS));
        code = (code + whole - 1) & -whole;
        base[step] = piece - code / unit;
        last = step;
      }
      if (code + unit > 1 << CODE_BITS) {
        throw new IllegalStateException("the vocabulary has too many short codes");
      }
      Arrays.fill(steps, first8(code), first8(code + unit - 1) + 1, (byte) step);
      code += unit;
      start[++piece] = (char) used;
    }
    if ((last & ESCAPE) == 0) {
      throw new IllegalStateException("the vocabulary's last code is not that of *");
    }
    text = Arrays.copyOf(pieces, used + Target.WIDTH);
  }

  private static int first8(int code) {
    return code >>> (CODE_BITS - FAST_BITS);
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

  /** Returns how many pieces there are, the one included that says that 8 bits follow. */
  int size() {
    return start.length - 1;
  }

  /**
   * Returns what the code tells that {@code next}, 64 bits, begins with: {@link #LENGTH} bits of
   * its length, and {@link #ENDS} or {@link #ESCAPE}.
   */
  int step(long next) {
    return steps[(int) (next >>> (64 - FAST_BITS))];
  }

  /** Returns the number of the piece whose code of {@code step} begins {@code next}, 64 bits. */
  int piece(long next, int step) {
    return base[step] + (int) (next >>> -(step & LENGTH));
  }

  /** Returns the first index into the text of {@code piece}; that of the next one is its end. */
  int start(int piece) {
    return start[piece];
  }

  /** Returns eight bytes of the text of all pieces from {@code index} on. */
  long eight(int index) {
    return Target.eight(text, index);
  }

  /** Returns byte {@code index} of the text of all pieces; 0 ends a name. */
  byte text(int index) {
    return text[index];
  }

  /** Returns the step of each piece. */
  byte[] steps() {
    byte[] of = new byte[size()];
    // Pieces are in the order of their codes, and a new kind of step begins with a piece.
    int last = 0;
    for (byte step : steps) {
      if (step != last && step != 0) {
        int length = step & LENGTH;
        int first = 0;
        while (steps[first] != step) {
          first++;
        }
        int code =
            length < FAST_BITS ? first >>> (FAST_BITS - length) : first << (length - FAST_BITS);
        Arrays.fill(of, base[step] + code, of.length, step);
        last = step;
      }
    }
    return of;
  }

  /** Returns the code of {@code piece}, which has this {@code step}. */
  int code(int piece, int step) {
    return piece - base[step];
  }

  /** Returns the bytes of memory that this and what only it refers to take. */
  long bytes() {
    return Sizes.object(4 * Sizes.REFERENCE)
        + Sizes.array(text.length, 1)
        + Sizes.array(start.length, 2)
        + Sizes.array(steps.length, 1)
        + Sizes.array(base.length, 4);
  }
}
