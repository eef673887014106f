package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;

/** Functions that only read strings (lib/string.c, lib/string_helpers.c, release 6.1). */
final class StringSearch {
  private static final long EINVAL = 22;

  private StringSearch() {}

  static void declare(FunctionTable table) {
    table.real("strlen", c -> new GuestText(c.memory()).length(c.argument(0)));
    table.real("strnlen", c -> new GuestText(c.memory()).length(c.argument(0), c.argument(1)));
    table.real("strcmp", c -> compare(c, -1));
    table.real("strncmp", c -> compare(c, c.argument(2)));
    table.real("strcasecmp", c -> compareFolded(c, -1));
    table.real("strncasecmp", c -> compareFolded(c, c.argument(2)));
    table.real("strchr", c -> character(c, 0, false));
    table.real("strchrnul", c -> character(c, 0, true));
    table.real("strrchr", StringSearch::lastCharacter);
    table.real("strnchr", StringSearch::characterWithin);
    table.real("strstr", c -> substring(c, -1));
    table.real("strnstr", c -> substring(c, c.argument(2)));
    table.real("strpbrk", c -> firstOf(c.memory(), c.argument(0), c.argument(1)));
    table.real("strspn", c -> span(c.memory(), c.argument(0), c.argument(1), true));
    table.real("strcspn", c -> span(c.memory(), c.argument(0), c.argument(1), false));
    table.real("skip_spaces", c -> skipSpaces(c.memory(), c.argument(0)));
    table.real("sysfs_streq", c -> sameLine(c.memory(), c.argument(0), c.argument(1)) ? 1 : 0);
    table.real("match_string", c -> match(c, false));
    table.real("__sysfs_match_string", c -> match(c, true));
  }

  /** Returns the address of the first byte of a string that is in {@code accept}, or 0. */
  static long firstOf(GuestMemory memory, long string, long accept) {
    long at = string + span(memory, string, accept, false);
    return memory.readByte(at) == 0 ? 0 : at;
  }

  /** Returns the address of the first byte of a string that is not white space. */
  static long skipSpaces(GuestMemory memory, long string) {
    GuestText text = new GuestText(memory);
    long at = string;
    while (CType.isSpace(text.at(at))) {
      at++;
    }
    return at;
  }

  /** Returns how many bytes a string begins with that are ({@code wanted}) or are not in a set. */
  private static long span(GuestMemory memory, long string, long set, boolean wanted) {
    boolean[] in = new boolean[256];
    GuestText members = new GuestText(memory);
    for (long at = set; members.at(at) != 0; at++) {
      in[members.at(at)] = true;
    }
    GuestText text = new GuestText(memory);
    long length = 0;
    for (int b = text.at(string); b != 0 && in[b] == wanted; b = text.at(string + length)) {
      length++;
    }
    return length;
  }

  private static long compare(TrapFrame c, long limit) {
    GuestText left = new GuestText(c.memory());
    GuestText right = new GuestText(c.memory());
    for (long i = 0; i != limit; i++) {
      int a = left.at(c.argument(0) + i);
      int b = right.at(c.argument(1) + i);
      if (a != b) {
        return a < b ? -1 : 1;
      }
      if (a == 0) {
        return 0;
      }
    }
    return 0;
  }

  private static long compareFolded(TrapFrame c, long limit) {
    GuestText left = new GuestText(c.memory());
    GuestText right = new GuestText(c.memory());
    for (long i = 0; i != limit; i++) {
      int a = CType.toLower(left.at(c.argument(0) + i));
      int b = CType.toLower(right.at(c.argument(1) + i));
      if (a != b || a == 0) {
        return (long) a - b;
      }
    }
    return 0;
  }

  private static long character(TrapFrame c, long from, boolean endToo) {
    int wanted = (int) c.argument(1) & 0xff;
    GuestText text = new GuestText(c.memory());
    for (long at = c.argument(0) + from; ; at++) {
      int b = text.at(at);
      if (b == wanted) {
        return at;
      }
      if (b == 0) {
        return endToo ? at : 0;
      }
    }
  }

  private static long lastCharacter(TrapFrame c) {
    int wanted = (int) c.argument(1) & 0xff;
    GuestText text = new GuestText(c.memory());
    long last = 0;
    for (long at = c.argument(0); ; at++) {
      int b = text.at(at);
      if (b == wanted) {
        last = at;
      }
      if (b == 0) {
        return last;
      }
    }
  }

  /** strnchr(string, limit, character). */
  private static long characterWithin(TrapFrame c) {
    int wanted = (int) c.argument(2) & 0xff;
    GuestText text = new GuestText(c.memory());
    for (long i = 0; i != c.argument(1); i++) {
      int b = text.at(c.argument(0) + i);
      if (b == wanted) {
        return c.argument(0) + i;
      }
      if (b == 0) {
        return 0;
      }
    }
    return 0;
  }

  /** Only the first {@code limit} bytes count; the first string need have no end within them. */
  private static long substring(TrapFrame c, long limit) {
    GuestText haystack = new GuestText(c.memory());
    GuestText needle = new GuestText(c.memory());
    long length = needle.length(c.argument(1));
    if (length == 0) {
      return c.argument(0);
    }
    // strstr knows the end by the NUL, strnstr by the limit alone.
    long size = limit == -1 ? haystack.length(c.argument(0)) : limit;
    for (long at = 0; Long.compareUnsigned(size - at, length) >= 0; at++) {
      long same = 0;
      while (same < length
          && haystack.at(c.argument(0) + at + same) == needle.at(c.argument(1) + same)) {
        same++;
      }
      if (same == length) {
        return c.argument(0) + at;
      }
      if (size == at) {
        break;
      }
    }
    return 0;
  }

  /** Compares lines: one newline at the end of either does not count. */
  private static boolean sameLine(GuestMemory memory, long first, long second) {
    GuestText left = new GuestText(memory);
    GuestText right = new GuestText(memory);
    long i = 0;
    while (left.at(first + i) != 0 && left.at(first + i) == right.at(second + i)) {
      i++;
    }
    int a = left.at(first + i);
    int b = right.at(second + i);
    return a == b
        || (a == 0 && b == '\n' && right.at(second + i + 1) == 0)
        || (b == 0 && a == '\n' && left.at(first + i + 1) == 0);
  }

  /** match_string(array of strings, its length, string): an index, or -EINVAL. */
  private static long match(TrapFrame c, boolean lines) {
    String wanted = c.memory().readString(c.argument(2), Integer.MAX_VALUE);
    for (long i = 0; i != c.argument(1); i++) {
      long item = c.memory().readLong(c.argument(0) + 8 * i);
      if (item == 0) {
        break;
      }
      boolean same =
          lines
              ? sameLine(c.memory(), item, c.argument(2))
              : c.memory().readString(item, Integer.MAX_VALUE).equals(wanted);
      if (same) {
        return i;
      }
    }
    return -EINVAL;
  }
}
