package io.linkout.link;

/**
 * Numbers as {@code lib/kstrtox.c} reads them (6.1): an optional sign, {@code 0x} or a leading
 * {@code 0} choose the base where none is given, one newline may follow, and nothing else.
 */
final class KernelNumber {
  /** The text is no number. */
  static final class NotANumber extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean range;

    NotANumber(boolean range) {
      super(null, null, false, false);
      this.range = range;
    }

    /** Returns true if it is a number, but out of range (ERANGE). */
    boolean range() {
      return range;
    }
  }

  private KernelNumber() {}

  /** Returns {@code text} as an unsigned number of at most {@code bits} bits. */
  static long unsigned(String text, int base, int bits) throws NotANumber {
    long value = magnitude(text.startsWith("+") ? text.substring(1) : text, base);
    if (bits < Long.SIZE && value >>> bits != 0) {
      throw new NotANumber(true);
    }
    return value;
  }

  /** Returns {@code text} as a signed number of at most {@code bits} bits. */
  static long signed(String text, int base, int bits) throws NotANumber {
    long value;
    if (text.startsWith("-")) {
      value = -magnitude(text.substring(1), base);
      if (value > 0) {
        throw new NotANumber(true);
      }
    } else {
      value = unsigned(text, base, Long.SIZE);
      if (value < 0) {
        throw new NotANumber(true);
      }
    }
    int unused = Long.SIZE - bits;
    if (value << unused >> unused != value) {
      throw new NotANumber(true);
    }
    return value;
  }

  private static long magnitude(String text, int givenBase) throws NotANumber {
    String digits = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    boolean hexPrefix =
        digits.length() > 1 && digits.charAt(0) == '0' && (digits.charAt(1) | 32) == 'x';
    int base = givenBase;
    if (base == 0) {
      boolean hex = hexPrefix && digits.length() > 2 && Character.digit(digits.charAt(2), 16) >= 0;
      base = hex ? 16 : digits.startsWith("0") ? 8 : 10;
    }
    if (base == 16 && hexPrefix) {
      digits = digits.substring(2);
    }
    if (digits.isEmpty()) {
      throw new NotANumber(false);
    }
    long value = 0;
    boolean overflow = false;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, base) : -1;
      if (digit < 0) {
        throw new NotANumber(false);
      }
      overflow |= Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, base)) > 0;
      value = value * base + digit;
    }
    if (overflow) {
      throw new NotANumber(true);
    }
    return value;
  }
}
