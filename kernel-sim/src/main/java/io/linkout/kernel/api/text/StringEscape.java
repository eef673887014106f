package io.linkout.kernel.api.text;

/** Escaping of bytes as string_escape_mem of lib/string_helpers.c (6.1) does. */
final class StringEscape {
  /** \f \n \r \t \v. */
  static final int SPACE = 1;

  /** \a \e \" \\. */
  static final int SPECIAL = 1 << 1;

  /** \0. */
  static final int NULL = 1 << 2;

  /** Three octal digits. */
  static final int OCTAL = 1 << 3;

  /** All of the above. */
  static final int ANY = SPACE | OCTAL | SPECIAL | NULL;

  /** Only what is not printable. */
  static final int NOT_PRINTABLE = 1 << 4;

  /** What %pE does by itself. */
  static final int ANY_NOT_PRINTABLE = ANY | NOT_PRINTABLE;

  /** Two hexadecimal digits. */
  static final int HEX = 1 << 5;

  /** Only what is not ASCII. */
  static final int NOT_ASCII = 1 << 6;

  /** Only what is not printable ASCII. */
  static final int NOT_ASCII_PRINTABLE = 1 << 7;

  /** The dictionary adds to what is escaped, rather than limiting it. */
  static final int APPEND = 1 << 8;

  private StringEscape() {}

  /**
   * Appends one byte, escaped if the flags say so.
   *
   * @param only the dictionary, empty if there is none
   */
  static void append(FormatOutput out, int c, int flags, String only) {
    if (passes(c, flags, only)) {
      out.append(c);
    } else if (has(flags, SPACE) && CType.isSpace(c) && letter(c, "\n\r\t\u000b\f") >= 0) {
      out.append("\\" + "nrtvf".charAt(letter(c, "\n\r\t\u000b\f")));
    } else if (has(flags, SPECIAL) && letter(c, "\\\u0007\u001b\"") >= 0) {
      out.append("\\" + "\\ae\"".charAt(letter(c, "\\\u0007\u001b\"")));
    } else if (has(flags, NULL) && c == 0) {
      out.append("\\0");
    } else if (has(flags, OCTAL)) {
      out.append("\\" + ((c >> 6) & 7) + ((c >> 3) & 7) + (c & 7));
    } else if (has(flags, HEX)) {
      out.append("\\x" + FormatText.hexByte(c));
    } else {
      out.append(c);
    }
  }

  private static boolean passes(int c, int flags, String only) {
    boolean inDictionary = only.indexOf(c) >= 0;
    boolean append = has(flags, APPEND);
    if (!append && !inDictionary && !only.isEmpty()) {
      return true;
    }
    if (append && inDictionary) {
      return false;
    }
    boolean ascii = CType.isAscii(c);
    boolean printable = CType.isPrintable(c);
    return (has(flags, NOT_ASCII_PRINTABLE) && ascii && printable)
        || (has(flags, NOT_PRINTABLE) && printable)
        || (has(flags, NOT_ASCII) && ascii);
  }

  private static int letter(int c, String letters) {
    return letters.indexOf(c);
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }
}
