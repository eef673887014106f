package io.linkout.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Wall-clock times of log entries, as ctime(3) writes them, in the zone of {@code TZ}. */
final class CalendarTime {
  private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private final long bootMicros;
  private final ZoneId zone = ZoneId.systemDefault();

  /** Times since a boot at {@code bootMicros}, microseconds since 1970. */
  CalendarTime(long bootMicros) {
    this.bootMicros = bootMicros;
  }

  /** Returns the time {@code micros} after the boot, such as {@code Mon Nov 23 04:55:36 2026}. */
  String of(long micros) {
    Instant instant = Instant.ofEpochSecond((bootMicros + micros) / 1_000_000);
    ZonedDateTime time = instant.atZone(zone);
    return DAYS[time.getDayOfWeek().getValue() - 1]
        + " "
        + month(time)
        + " "
        + Numbers.padded(Integer.toString(time.getDayOfMonth()), 2, ' ')
        + " "
        + two(time.getHour())
        + ":"
        + two(time.getMinute())
        + ":"
        + two(time.getSecond())
        + " "
        + time.getYear();
  }

  /** Returns the month's name, three letters. */
  static String month(ZonedDateTime time) {
    return MONTHS[time.getMonthValue() - 1];
  }

  /** Returns {@code value} as two digits. */
  static String two(int value) {
    return Numbers.padded(Integer.toString(value), 2, '0');
  }
}
