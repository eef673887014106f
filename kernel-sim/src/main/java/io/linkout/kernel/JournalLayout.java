package io.linkout.kernel;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;

/**
 * Lines for systemd-journald: each begins with the priority it is to be stored with, as
 * sd-daemon(3) says, and has no time, since the journal has its own.
 */
final class JournalLayout extends LayoutBase<ILoggingEvent> {
  private final ThrowableProxyConverter stack = new ThrowableProxyConverter();

  @Override
  public void start() {
    stack.start();
    super.start();
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    String prefix = "<" + priority(event.getLevel()) + ">";
    StringBuilder lines = new StringBuilder();
    (event.getFormattedMessage() + "\n" + stack.convert(event))
        .lines()
        .forEach(line -> lines.append(prefix).append(line).append('\n'));
    return lines.toString();
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
