package io.linkout.cli;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Locale;

/**
 * A point in time as people write it after {@code --since}, in util-linux's forms
 * (lib/timeutils.c): a date, a time of the day, both, {@code now}, {@code today}, {@code
 * yesterday}, {@code tomorrow}, {@code -5min}, {@code +1h}, {@code 1h 30min ago}.
 */
final class TimeWord {
  private static final String[] DAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

  private TimeWord() {}

  /**
   * Returns the second since 1970 that {@code text} stands for.
   *
   * @param now what it is relative to, with the time zone
   * @throws Failure if it is none of the forms
   */
  static long seconds(String text, ZonedDateTime now) {
    String word = text.strip();
    try {
      ZonedDateTime midnight = now.toLocalDate().atStartOfDay(now.getZone());
      ZonedDateTime time =
          switch (word) {
            case "now" -> now;
            case "today" -> midnight;
            case "yesterday" -> midnight.minusDays(1);
            case "tomorrow" -> midnight.plusDays(1);
            default -> null;
          };
      if (time != null) {
        return time.toEpochSecond();
      }
      if (word.startsWith("+")) {
        return now.toEpochSecond() + span(word.substring(1));
      }
      if (word.startsWith("-")) {
        return now.toEpochSecond() - span(word.substring(1));
      }
      if (word.endsWith(" ago")) {
        return now.toEpochSecond() - span(word.substring(0, word.length() - " ago".length()));
      }
      return written(withoutDay(word), now.toLocalDate()).atZone(now.getZone()).toEpochSecond();
    } catch (DateTimeException | NumberFormatException e) {
      throw new Failure("invalid time value \"" + text + "\"");
    }
  }

  /** Leaves out the day of the week, which is not looked at. */
  private static String withoutDay(String word) {
    int blank = word.indexOf(' ');
    String first = (blank < 0 ? "" : word.substring(0, blank)).toLowerCase(Locale.ROOT);
    for (String day : DAYS) {
      if (first.startsWith(day)) {
        return word.substring(blank + 1).strip();
      }
    }
    return word;
  }

  private static LocalDateTime written(String word, LocalDate today) {
    if (word.length() == 14 && word.chars().allMatch(Character::isDigit)) {
      return LocalDateTime.of(
          Integer.parseInt(word, 0, 4, 10),
          Integer.parseInt(word, 4, 6, 10),
          Integer.parseInt(word, 6, 8, 10),
          Integer.parseInt(word, 8, 10, 10),
          Integer.parseInt(word, 10, 12, 10),
          Integer.parseInt(word, 12, 14, 10));
    }
    int middle = word.indexOf(' ') < 0 ? word.indexOf('T') : word.indexOf(' ');
    if (middle >= 0) {
      return date(word.substring(0, middle)).atTime(clock(word.substring(middle + 1)));
    }
    return word.indexOf(':') >= 0 ? today.atTime(clock(word)) : date(word).atStartOfDay();
  }

  private static LocalDate date(String word) {
    String[] parts = word.split("-", -1);
    if (parts.length != 3) {
      throw new NumberFormatException(word);
    }
    int year = Integer.parseInt(parts[0]);
    // two digits as strptime(3) has them
    int full = parts[0].length() > 2 ? year : year < 69 ? 2000 + year : 1900 + year;
    return LocalDate.of(full, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  private static LocalTime clock(String word) {
    String[] parts = word.split(":", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw new NumberFormatException(word);
    }
    return LocalTime.of(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        parts.length == 3 ? Integer.parseInt(parts[2]) : 0);
  }

  /** Returns the seconds of a span such as {@code 1h 30min}; a number alone is seconds. */
  private static long span(String text) {
    double total = 0;
    int i = 0;
    while (i < text.length()) {
      int number = i;
      while (i < text.length() && (Character.isDigit(text.charAt(i)) || text.charAt(i) == '.')) {
        i++;
      }
      double count = Double.parseDouble(text.substring(number, i));
      while (i < text.length() && text.charAt(i) == ' ') {
        i++;
      }
      int unit = i;
      while (i < text.length() && Character.isLetter(text.charAt(i))) {
        i++;
      }
      total += count * unit(text.substring(unit, i));
      while (i < text.length() && text.charAt(i) == ' ') {
        i++;
      }
    }
    if (text.isBlank()) {
      throw new NumberFormatException(text);
    }
    return (long) total;
  }

  private static double unit(String name) {
    return switch (name) {
      case "", "s", "sec", "second", "seconds" -> 1;
      case "m", "min", "minute", "minutes" -> 60;
      case "h", "hr", "hour", "hours" -> 3600;
      case "d", "day", "days" -> 86_400;
      case "w", "week", "weeks" -> 7 * 86_400;
      case "month", "months" -> 2_629_800;
      case "y", "year", "years" -> 31_557_600;
      case "ms", "msec" -> 1e-3;
      case "us", "usec" -> 1e-6;
      default -> throw new NumberFormatException(name);
    };
  }
}
