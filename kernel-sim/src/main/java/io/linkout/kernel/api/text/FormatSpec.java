package io.linkout.kernel.api.text;

/**
 * One conversion of a format, as {@code struct printf_spec} of lib/vsprintf.c.
 *
 * @param flags the constants here, or-ed
 * @param width in characters, -1 if not given
 * @param precision digits or characters, -1 if not given
 * @param base 8, 10 or 16
 */
record FormatSpec(int flags, int width, int precision, int base) {
  /** The number is signed. */
  static final int SIGN = 1;

  /** Padded on the right. */
  static final int LEFT = 2;

  /** A plus sign before what is not negative. */
  static final int PLUS = 4;

  /** A space before what is not negative. */
  static final int SPACE = 8;

  /** Padded with zeros. */
  static final int ZERO_PAD = 16;

  /** Lower-case letters in hexadecimal. */
  static final int SMALL = 32;

  /** A prefix, 0x or 0. */
  static final int SPECIAL = 64;

  /** Plain decimal. */
  static final FormatSpec DECIMAL = new FormatSpec(0, 0, -1, 10);

  /** Hexadecimal with 0x, as flags are printed. */
  static final FormatSpec HEX_FLAGS = new FormatSpec(SPECIAL | SMALL, 0, -1, 16);

  /** A string of any length. */
  static final FormatSpec STRING = new FormatSpec(0, -1, -1, 10);

  /** Decimal padded with zeros to {@code width}. */
  static FormatSpec zeroPadded(int width) {
    return new FormatSpec(ZERO_PAD, width, -1, 10);
  }

  /** Hexadecimal with 0x and all digits of {@code bytes} bytes. */
  static FormatSpec fullHex(int bytes) {
    return new FormatSpec(SPECIAL | SMALL | ZERO_PAD, 2 + 2 * bytes, -1, 16);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  FormatSpec withFlags(int more) {
    return new FormatSpec(flags | more, width, precision, base);
  }

  FormatSpec withWidth(int newWidth) {
    return new FormatSpec(flags, newWidth, precision, base);
  }

  FormatSpec withPrecision(int newPrecision) {
    return new FormatSpec(flags, width, newPrecision, base);
  }

  FormatSpec withBase(int newBase) {
    return new FormatSpec(flags, width, precision, newBase);
  }
}
