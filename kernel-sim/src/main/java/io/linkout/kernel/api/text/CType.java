package io.linkout.kernel.api.text;

/**
 * The kernel's own character classes (lib/ctype.c): ISO 8859-1, whatever the locale. A character is
 * the low eight bits of an int.
 */
public final class CType {
  private static final int UPPER = 0x01;
  private static final int LOWER = 0x02;
  private static final int DIGIT = 0x04;
  private static final int CONTROL = 0x08;
  private static final int PUNCTUATION = 0x10;
  private static final int SPACE = 0x20;
  private static final int HEX_LETTER = 0x40;
  private static final int HARD_SPACE = 0x80;

  private static final byte[] CLASSES = classes();

  private CType() {}

  /** Returns the 256 bytes of {@code _ctype}: the classes of each character. */
  public static byte[] table() {
    return CLASSES.clone();
  }

  static boolean isSpace(int c) {
    return is(c, SPACE);
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAlpha(int c) {
    return is(c, UPPER | LOWER);
  }

  static boolean isAlphanumeric(int c) {
    return is(c, UPPER | LOWER | DIGIT);
  }

  static boolean isHexDigit(int c) {
    return is(c, DIGIT | HEX_LETTER);
  }

  static boolean isPrintable(int c) {
    return is(c, PUNCTUATION | UPPER | LOWER | DIGIT | HARD_SPACE);
  }

  static boolean isAscii(int c) {
    return (c & 0xff) < 0x80;
  }

  static int toLower(int c) {
    return is(c, UPPER) ? c + 0x20 : c;
  }

  static int toUpper(int c) {
    return is(c, LOWER) ? c - 0x20 : c;
  }

  /** Returns the value of a hexadecimal digit, or -1. */
  static int hexValue(int c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private static boolean is(int c, int mask) {
    return (CLASSES[c & 0xff] & mask) != 0;
  }

  private static byte[] classes() {
    byte[] table = new byte[256];
    fill(table, 0, 31, CONTROL);
    fill(table, '\t', '\r', CONTROL | SPACE);
    fill(table, ' ', ' ', SPACE | HARD_SPACE);
    fill(table, '!', '~', PUNCTUATION);
    fill(table, '0', '9', DIGIT);
    fill(table, 'A', 'Z', UPPER);
    fill(table, 'A', 'F', UPPER | HEX_LETTER);
    fill(table, 'a', 'z', LOWER);
    fill(table, 'a', 'f', LOWER | HEX_LETTER);
    fill(table, 0x7f, 0x7f, CONTROL);
    fill(table, 0xa0, 0xa0, SPACE | HARD_SPACE);
    fill(table, 0xa1, 0xbf, PUNCTUATION);
    fill(table, 0xc0, 0xde, UPPER);
    fill(table, 0xdf, 0xff, LOWER);
    fill(table, 0xd7, 0xd7, PUNCTUATION);
    fill(table, 0xf7, 0xf7, PUNCTUATION);
    return table;
  }

  private static void fill(byte[] table, int from, int to, int classes) {
    for (int c = from; c <= to; c++) {
      table[c] = (byte) classes;
    }
  }
}
