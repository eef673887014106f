package io.linkout.cli;

/** Numbers as the commands print them. */
final class Numbers {
  private Numbers() {}

  /** Returns {@code value} as 16 hexadecimal digits. */
  static String hex16(long value) {
    return padded(Long.toHexString(value), 16, '0');
  }

  /** Returns {@code value} as 8 hexadecimal digits. */
  static String hex8(int value) {
    return padded(Integer.toHexString(value), 8, '0');
  }

  /** Returns {@code text} with {@code fill} before it up to {@code width}. */
  static String padded(String text, int width, char fill) {
    return text.length() >= width
        ? text
        : String.valueOf(fill).repeat(width - text.length()) + text;
  }

  /** Returns {@code text} with blanks after it up to {@code width}. */
  static String left(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }
}
