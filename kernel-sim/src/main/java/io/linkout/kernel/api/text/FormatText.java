package io.linkout.kernel.api.text;

/** Numbers and strings laid out in fields, as number() and string() of lib/vsprintf.c do. */
final class FormatText {
  private FormatText() {}

  /** Appends {@code value}, signed if the specification says so. */
  static void number(FormatOutput out, long value, FormatSpec spec) {
    boolean negative = spec.has(FormatSpec.SIGN) && value < 0;
    int sign = sign(negative, spec);
    // -2^63 negates to itself, which read as unsigned is right.
    String digits = digits(negative ? -value : value, spec);
    String prefix = prefix(value, spec);
    int precision = Math.max(spec.precision(), digits.length());
    int space = spec.width() - (sign == 0 ? 0 : 1) - prefix.length() - precision;
    boolean left = spec.has(FormatSpec.LEFT);
    boolean zeros = spec.has(FormatSpec.ZERO_PAD) && !left;
    if (!left && !zeros) {
      out.pad(' ', space);
    }
    if (sign != 0) {
      out.append(sign);
    }
    out.append(prefix);
    if (zeros) {
      out.pad('0', space);
    }
    out.pad('0', precision - digits.length());
    out.append(digits);
    if (left) {
      out.pad(' ', space);
    }
  }

  /** Appends text the kernel made itself; the precision cuts it. */
  static void string(FormatOutput out, String text, FormatSpec spec) {
    int length = text.length();
    if (spec.precision() >= 0) {
      length = Math.min(length, spec.precision());
    }
    boolean left = spec.has(FormatSpec.LEFT);
    if (!left) {
      out.pad(' ', spec.width() - (long) length);
    }
    out.append(text.substring(0, length));
    if (left) {
      out.pad(' ', spec.width() - (long) length);
    }
  }

  /** Appends a message in place of what could not be printed, such as {@code (null)}. */
  static void error(FormatOutput out, String message, FormatSpec spec) {
    string(out, message, spec.precision() == -1 ? spec.withPrecision(16) : spec);
  }

  /** Appends {@code pointer} in hexadecimal, 16 digits if no width was given. */
  static void pointer(FormatOutput out, long pointer, FormatSpec spec) {
    FormatSpec hex = spec.withBase(16).withFlags(FormatSpec.SMALL);
    if (hex.width() == -1) {
      hex = hex.withWidth(16).withFlags(FormatSpec.ZERO_PAD);
    }
    number(out, pointer, hex);
  }

  /** Returns {@code number} modulo 256 as two hexadecimal digits. */
  static String hexByte(int number) {
    String digits = "0123456789abcdef";
    return "" + digits.charAt((number >> 4) & 0xf) + digits.charAt(number & 0xf);
  }

  private static int sign(boolean negative, FormatSpec spec) {
    if (negative) {
      return '-';
    }
    if (!spec.has(FormatSpec.SIGN)) {
      return 0;
    }
    if (spec.has(FormatSpec.PLUS)) {
      return '+';
    }
    return spec.has(FormatSpec.SPACE) ? ' ' : 0;
  }

  private static String digits(long magnitude, FormatSpec spec) {
    String digits = Long.toUnsignedString(magnitude, spec.base());
    return spec.has(FormatSpec.SMALL) ? digits : digits.toUpperCase(java.util.Locale.ROOT);
  }

  private static String prefix(long value, FormatSpec spec) {
    if (!spec.has(FormatSpec.SPECIAL) || spec.base() == 10) {
      return "";
    }
    if (spec.base() == 16) {
      return spec.has(FormatSpec.SMALL) ? "0x" : "0X";
    }
    return value == 0 ? "" : "0";
  }
}
