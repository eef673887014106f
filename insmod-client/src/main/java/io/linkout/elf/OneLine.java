package io.linkout.elf;

/**
 * Text for a message of one line: names come from files, and a file may say anything, line breaks
 * and a terminal's control sequences included.
 */
public final class OneLine {
  private static final String DIGITS = "0123456789abcdef";

  private OneLine() {}

  /** Returns {@code text} with each control character as {@code \xNN}. */
  public static String of(String text) {
    int at = 0;
    while (at < text.length() && !Character.isISOControl(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    StringBuilder line = new StringBuilder(text.length() + 16).append(text, 0, at);
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (Character.isISOControl(c)) {
        line.append("\\x").append(DIGITS.charAt(c >> 4)).append(DIGITS.charAt(c & 0xf));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }
}
