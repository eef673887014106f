package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;
import java.time.LocalDate;

/** %ptR and %ptT: struct rtc_time (ints: sec, min, hour, mday, mon, year) and time64_t. */
final class TimeText {
  private static final long DAY = 86_400;

  /** The Gregorian calendar repeats after this many days. */
  private static final long ERA_DAYS = 146_097;

  private TimeText() {}

  /** A broken-down time as Linux keeps it: years from 1900, months from 0. */
  private record Broken(int sec, int min, int hour, int day, int month, int year) {}

  static void format(FormatContext context, String extension, long pointer, FormatSpec spec) {
    char kind = PointerFormats.at(extension, 1);
    if (kind != 'R' && kind != 'T') {
      FormatText.error(context.out(), "(%pt?)", spec);
    } else if (kind == 'T') {
      // Linux follows this pointer unchecked.
      append(context.out(), extension, broken(context.memory().readLong(pointer)));
    } else if (!context.refuses(pointer, spec)) {
      append(context.out(), extension, read(context.memory(), pointer));
    }
  }

  private static void append(FormatOutput out, String extension, Broken time) {
    int at = 2;
    char part = PointerFormats.at(extension, at);
    if (part == 'd' || part == 't') {
      at++;
    }
    boolean raw = false;
    String separator = "T";
    for (; ; at++) {
      char c = PointerFormats.at(extension, at);
      if (c == 'r') {
        raw = true;
      } else if (c == 's') {
        separator = " ";
      } else {
        break;
      }
    }
    if (part != 't') {
      number(out, time.year + (raw ? 0 : 1900), 4);
      out.append('-');
      number(out, time.month + (raw ? 0 : 1), 2);
      out.append('-');
      number(out, time.day, 2);
    }
    out.append(part == 't' || part == 'd' ? "" : separator);
    if (part != 'd') {
      number(out, time.hour, 2);
      out.append(':');
      number(out, time.min, 2);
      out.append(':');
      number(out, time.sec, 2);
    }
  }

  private static void number(FormatOutput out, int value, int width) {
    FormatText.number(out, value, FormatSpec.zeroPadded(width));
  }

  private static Broken read(GuestMemory memory, long pointer) {
    return new Broken(
        memory.readInt(pointer),
        memory.readInt(pointer + 4),
        memory.readInt(pointer + 8),
        memory.readInt(pointer + 12),
        memory.readInt(pointer + 16),
        memory.readInt(pointer + 20));
  }

  private static Broken broken(long seconds) {
    int second = (int) Math.floorMod(seconds, DAY);
    long days = Math.floorDiv(seconds, DAY);
    LocalDate date = LocalDate.ofEpochDay(Math.floorMod(days, ERA_DAYS));
    long year = date.getYear() + Math.floorDiv(days, ERA_DAYS) * 400 - 1900;
    return new Broken(
        second % 60,
        second / 60 % 60,
        second / 3600,
        date.getDayOfMonth(),
        date.getMonthValue() - 1,
        (int) year);
  }
}
