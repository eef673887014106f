package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.cpu.TrapFrame;

/** Functions that write strings: copying, appending, cutting (lib/string.c, release 6.1). */
public final class StringFunctions {
  private static final long E2BIG = 7;
  private static final long INT_MAX = Integer.MAX_VALUE;

  private StringFunctions() {}

  /** Declares them, and those of {@link StringSearch}. */
  public static void declare(FunctionTable table) {
    table.real("strcpy", StringFunctions::strcpy);
    table.real("strncpy", StringFunctions::strncpy);
    table.real("strlcpy", StringFunctions::strlcpy);
    table.real("strscpy", StringFunctions::strscpy);
    table.real("strscpy_pad", StringFunctions::strscpyPad);
    table.real("strcat", StringFunctions::strcat);
    table.real("strncat", StringFunctions::strncat);
    table.real("strlcat", StringFunctions::strlcat);
    table.real("strsep", StringFunctions::strsep);
    table.real("strim", StringFunctions::strim);
    table.real("strreplace", StringFunctions::strreplace);
    table.real("memcpy_and_pad", StringFunctions::memcpyAndPad);
    StringSearch.declare(table);
  }

  private static long strcpy(TrapFrame c) {
    copy(c.memory(), c.argument(0), c.argument(1), -1);
    return c.argument(0);
  }

  /** Copies a string with its NUL, or {@code limit} bytes of it, and returns the bytes copied. */
  private static long copy(GuestMemory memory, long to, long from, long limit) {
    for (long i = 0; i != limit; i++) {
      int b = memory.readByte(from + i);
      memory.writeByte(to + i, b);
      if (b == 0) {
        return i + 1;
      }
    }
    return limit;
  }

  private static long strncpy(TrapFrame c) {
    long size = c.argument(2);
    long copied = copy(c.memory(), c.argument(0), c.argument(1), size);
    GuestBytes.fill(c.memory(), c.argument(0) + copied, size - copied, 0);
    return c.argument(0);
  }

  private static long strlcpy(TrapFrame c) {
    long length = new GuestText(c.memory()).length(c.argument(1));
    if (c.argument(2) != 0) {
      long size = lesser(length, c.argument(2) - 1);
      GuestBytes.copy(c.memory(), c.argument(0), c.argument(1), size);
      c.memory().writeByte(c.argument(0) + size, 0);
    }
    return length;
  }

  private static long strscpy(TrapFrame c) {
    long size = c.argument(2);
    if (size == 0 || Long.compareUnsigned(size, INT_MAX) > 0) {
      return -E2BIG;
    }
    GuestMemory memory = c.memory();
    long copied = copy(memory, c.argument(0), c.argument(1), size);
    if (memory.readByte(c.argument(0) + copied - 1) == 0) {
      return copied - 1;
    }
    memory.writeByte(c.argument(0) + size - 1, 0);
    return -E2BIG;
  }

  private static long strscpyPad(TrapFrame c) {
    long written = strscpy(c);
    if (written >= 0) {
      GuestBytes.fill(c.memory(), c.argument(0) + written + 1, c.argument(2) - written - 1, 0);
    }
    return written;
  }

  private static long strcat(TrapFrame c) {
    long end = c.argument(0) + new GuestText(c.memory()).length(c.argument(0));
    copy(c.memory(), end, c.argument(1), -1);
    return c.argument(0);
  }

  private static long strncat(TrapFrame c) {
    long limit = c.argument(2);
    if (limit != 0) {
      long end = c.argument(0) + new GuestText(c.memory()).length(c.argument(0));
      long copied = copy(c.memory(), end, c.argument(1), limit);
      if (c.memory().readByte(end + copied - 1) != 0) {
        c.memory().writeByte(end + copied, 0);
      }
    }
    return c.argument(0);
  }

  private static long strlcat(TrapFrame c) {
    GuestText text = new GuestText(c.memory());
    long used = text.length(c.argument(0));
    long added = text.length(c.argument(1));
    long size = c.argument(2);
    if (Long.compareUnsigned(used, size) >= 0) {
      throw new GuestOops("kernel BUG at lib/string.c: strlcat: the buffer is already full");
    }
    long copied = lesser(added, size - used - 1);
    GuestBytes.copy(c.memory(), c.argument(0) + used, c.argument(1), copied);
    c.memory().writeByte(c.argument(0) + used + copied, 0);
    return used + added;
  }

  /** strsep(address of the string pointer, delimiters). */
  private static long strsep(TrapFrame c) {
    GuestMemory memory = c.memory();
    long start = memory.readLong(c.argument(0));
    if (start == 0) {
      return 0;
    }
    long end = StringSearch.firstOf(memory, start, c.argument(1));
    if (end != 0) {
      memory.writeByte(end, 0);
      end++;
    }
    memory.writeLong(c.argument(0), end);
    return start;
  }

  private static long strim(TrapFrame c) {
    GuestText text = new GuestText(c.memory());
    long start = c.argument(0);
    long size = text.length(start);
    if (size == 0) {
      return start;
    }
    long end = start + size;
    while (end > start && CType.isSpace(text.at(end - 1))) {
      end--;
    }
    c.memory().writeByte(end, 0);
    return StringSearch.skipSpaces(c.memory(), start);
  }

  /** Returns the end of the string, as in 6.1. */
  private static long strreplace(TrapFrame c) {
    int old = (int) c.argument(1) & 0xff;
    long at = c.argument(0);
    for (int b = c.memory().readByte(at); b != 0; b = c.memory().readByte(at)) {
      if (b == old) {
        c.memory().writeByte(at, (int) c.argument(2));
      }
      at++;
    }
    return at;
  }

  /** memcpy_and_pad(to, its size, from, count, padding byte). */
  private static long memcpyAndPad(TrapFrame c) {
    long copied = lesser(c.argument(1), c.argument(3));
    GuestBytes.copy(c.memory(), c.argument(0), c.argument(2), copied);
    GuestBytes.fill(
        c.memory(), c.argument(0) + copied, c.argument(1) - copied, (int) c.argument(4));
    return 0;
  }

  private static long lesser(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }
}
