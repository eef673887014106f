package io.linkout.kernel;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * One line an event, whatever is in its message: what a guest or a client made up (a module's name,
 * a reason) may be part of it, and must neither begin a line of its own nor steer the terminal that
 * shows it. So control characters are escaped as {@code \x0a} or {@code \u2028}. The lines of a
 * stack trace follow, each after a tab, which no event begins with.
 *
 * <p>For a file or a terminal a line begins with time and level; for systemd-journald, which has a
 * time of its own, with the priority it is to be stored with (sd-daemon(3)).
 */
final class DaemonLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

  private final boolean journal;
  private final ThrowableProxyConverter stack = new ThrowableProxyConverter();

  /** A layout for journald if {@code journal}, else for a file or a terminal. */
  DaemonLayout(boolean journal) {
    this.journal = journal;
  }

  @Override
  public void start() {
    stack.start();
    super.start();
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder lines = new StringBuilder(160);
    String prefix = journal ? "<" + priority(event.getLevel()) + ">" : "";
    lines.append(prefix);
    if (!journal) {
      lines
          .append(
              TIME.format(
                  Instant.ofEpochMilli(event.getTimeStamp()).atZone(ZoneId.systemDefault())))
          .append(' ')
          .append(event.getLevel())
          .append(event.getLevel().toString().length() == 4 ? "  " : " ");
    }
    escape(event.getFormattedMessage(), lines);
    lines.append('\n');
    if (event.getThrowableProxy() != null) {
      stack
          .convert(event)
          .lines()
          .forEach(
              line -> {
                lines.append(prefix).append('\t');
                escape(line.strip(), lines);
                lines.append('\n');
              });
    }
    return lines.toString();
  }

  /** Appends {@code text} with all that could end a line or steer a terminal escaped. */
  static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        out.append(c);
        continue;
      }
      switch (Character.getType(c)) {
        case Character.CONTROL ->
            out.append(c < 0x10 ? "\\x0" : "\\x").append(Integer.toHexString(c));
        // Line and paragraph separators, marks that turn the direction of text, halves of pairs.
        case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.FORMAT ->
            unicode(c, out);
        case Character.SURROGATE -> {
          if (Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1))) {
            out.append(c).append(text.charAt(++i));
          } else {
            unicode(c, out);
          }
        }
        default -> out.append(c);
      }
    }
  }

  private static void unicode(char c, StringBuilder out) {
    String digits = Integer.toHexString(c);
    out.append("\\u").append("0000", 0, 4 - digits.length()).append(digits);
  }

  /** Returns the syslog priority that {@code level} stands for. */
  static int priority(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 3;
      case Level.WARN_INT -> 4;
      case Level.INFO_INT -> 6;
      default -> 7;
    };
  }
}
