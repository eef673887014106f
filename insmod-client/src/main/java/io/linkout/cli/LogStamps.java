package io.linkout.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The time stamps of util-linux's dmesg other than the plain one: with the time since the line
 * before, relative, or of the calendar (sys-utils/dmesg.c, 2.38: print_record). The lines are to be
 * asked for in order; those that are not printed do not count.
 */
final class LogStamps {
  private final String kind;
  private final boolean delta;
  private final long bootMicros;
  private @Nullable CalendarTime calendar;
  private long last;
  private @Nullable String minute;

  private LogStamps(String kind, boolean delta, long bootMicros) {
    this.kind = kind;
    this.delta = delta;
    this.bootMicros = bootMicros;
  }

  /**
   * Returns stamps as {@code kind} has them: the option that was given last of those about them, or
   * empty; null if that is the plain kind or none.
   *
   * @param delta with the time since the line before
   * @param bootMicros when the kernel booted, microseconds since 1970
   */
  static @Nullable LogStamps of(String kind, boolean delta, long bootMicros) {
    return delta || kind.equals("reltime") || kind.equals("human") || kind.equals("ctime")
        ? new LogStamps(kind, delta, bootMicros)
        : null;
  }

  /** Returns the stamp, and the blank after it, of a line logged {@code micros} after the boot. */
  String of(long micros) {
    if (delta) {
      String before =
          switch (kind) {
            case "" -> LogLine.seconds(micros) + " ";
            case "ctime" -> calendar().of(micros) + " ";
            default -> "";
          };
      return "[" + before + "<" + Numbers.padded(decimal(since(micros)), 12, ' ') + ">] ";
    }
    return kind.equals("ctime") ? "[" + calendar().of(micros) + "] " : relative(micros);
  }

  private String relative(long micros) {
    long passed = since(micros);
    ZonedDateTime time =
        Instant.ofEpochSecond((bootMicros + micros) / 1_000_000).atZone(ZoneId.systemDefault());
    String now =
        CalendarTime.month(time)
            + Numbers.padded(Integer.toString(time.getDayOfMonth()), 2, ' ')
            + " "
            + CalendarTime.two(time.getHour())
            + ":"
            + CalendarTime.two(time.getMinute());
    boolean sameMinute = (now + time.getYear()).equals(minute);
    minute = now + time.getYear();
    if (!sameMinute) {
      return "[" + now + "] ";
    }
    String sign = passed < 0 ? "" : "+";
    return passed < 10_000_000
        ? "[  " + Numbers.padded(sign + decimal(passed), 8, ' ') + "] "
        : "[ " + Numbers.padded(sign + decimal(passed), 9, ' ') + "] ";
  }

  /** Returns the microseconds since the line before; 0 after one at the very boot, as there. */
  private long since(long micros) {
    long passed = last == 0 ? 0 : micros - last;
    last = micros;
    return passed;
  }

  private static String decimal(long micros) {
    long size = Math.abs(micros);
    return (micros < 0 ? "-" : "")
        + size / 1_000_000
        + "."
        + Numbers.padded(Long.toString(size % 1_000_000), 6, '0');
  }

  private CalendarTime calendar() {
    CalendarTime known = calendar;
    if (known == null) {
      known = new CalendarTime(bootMicros);
      calendar = known;
    }
    return known;
  }
}
