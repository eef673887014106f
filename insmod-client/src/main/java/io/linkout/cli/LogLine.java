package io.linkout.cli;

import io.linkout.rpc.LogEntry;

/**
 * A line of the kernel log as util-linux's dmesg prints it (sys-utils/dmesg.c: print_record,
 * safe_fwrite, 2.38).
 */
final class LogLine {
  static final String[] LEVELS = {
    "emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"
  };
  static final String[] FACILITIES = {
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news"
  };

  private LogLine() {}

  /** Returns the time stamp's text without brackets: seconds in five columns, microseconds. */
  static String seconds(long micros) {
    return Numbers.padded(Long.toString(micros / 1_000_000), 5, ' ')
        + "."
        + Numbers.padded(Long.toString(micros % 1_000_000), 6, '0');
  }

  /** Returns {@code facility:level: } in dmesg's columns. */
  static String decoded(LogEntry entry) {
    return Numbers.left(facility(entry), 6) + ":" + Numbers.left(level(entry), 6) + ": ";
  }

  static String level(LogEntry entry) {
    return LEVELS[entry.level() & 7];
  }

  static String facility(LogEntry entry) {
    return entry.facility() < FACILITIES.length
        ? FACILITIES[entry.facility()]
        : Integer.toString(entry.facility());
  }

  /**
   * Returns {@code text} with what cannot be printed as {@code \xNN}, a byte each, and the lines
   * after the first moved right by {@code indent}.
   */
  static String printable(String text, int indent) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        out.append(c);
        if (i + 1 < text.length()) {
          out.append(" ".repeat(indent));
        }
      } else if ((c >= ' ' && c < 0x7f) || (c >= '\t' && c <= '\r')) {
        out.append(c);
      } else if (c < 0x80) {
        escape(out, c);
      } else {
        i += wide(out, text, i);
      }
    }
    return out.toString();
  }

  /** Appends the character at {@code i}; returns how many chars beyond the first it took. */
  private static int wide(StringBuilder out, String text, int i) {
    int code = text.codePointAt(i);
    int length = Character.charCount(code);
    int type = Character.getType(code);
    boolean printable =
        type != Character.CONTROL
            && type != Character.UNASSIGNED
            && type != Character.SURROGATE
            && type != Character.LINE_SEPARATOR
            && type != Character.PARAGRAPH_SEPARATOR;
    if (printable) {
      out.appendCodePoint(code);
    } else {
      for (byte b :
          text.substring(i, i + length).getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
        escape(out, b & 0xff);
      }
    }
    return length - 1;
  }

  private static void escape(StringBuilder out, int b) {
    out.append("\\x").append(Numbers.padded(Integer.toHexString(b), 2, '0'));
  }
}
