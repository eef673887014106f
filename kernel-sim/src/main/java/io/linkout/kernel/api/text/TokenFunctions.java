package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;

/**
 * Option strings against tables of patterns (lib/parser.c, release 6.1). A match_token is an int
 * and a pattern (16 bytes), a substring_t two pointers: from and to.
 */
final class TokenFunctions {
  private static final int EINVAL = 22;
  private static final int ERANGE = 34;
  private static final int MAX_ARGUMENTS = 3;
  private static final long GFP_KERNEL = 0xcc0;

  /** Bytes of a number's text, NUL counted. */
  private static final int NUMBER_MAX = 24;

  private TokenFunctions() {}

  static void declare(FunctionTable table, Allocator allocator) {
    table.real("match_token", TokenFunctions::token);
    table.real("match_int", c -> number(c, 0));
    table.real("match_octal", c -> number(c, 8));
    table.real("match_hex", c -> number(c, 16));
    table.real("match_uint", c -> unsigned(c, 10, 32));
    table.real("match_u64", c -> unsigned(c, 0, 64));
    table.real("match_strlcpy", TokenFunctions::copy);
    table.real("match_strdup", c -> duplicate(c, allocator));
    table.real("match_wildcard", TokenFunctions::wildcard);
  }

  /** match_token(string, table, substrings): the token of the first pattern that matches. */
  private static long token(TrapFrame c) {
    GuestMemory memory = c.memory();
    for (long entry = c.argument(1); ; entry += 16) {
      long pattern = memory.readLong(entry + 8);
      if (pattern == 0 || matches(memory, c.argument(0), pattern, c.argument(2))) {
        return memory.readInt(entry);
      }
    }
  }

  private static boolean matches(GuestMemory memory, long string, long pattern, long substrings) {
    String wanted = GuestFormat.text(memory, pattern);
    GuestText text = new GuestText(memory);
    IntegerText numbers = new IntegerText(memory);
    long at = string;
    int found = 0;
    for (int p = 0; p < wanted.length(); ) {
      char c = wanted.charAt(p++);
      if (c != '%' || (p < wanted.length() && wanted.charAt(p) == '%')) {
        if (text.at(at++) != c) {
          return false;
        }
        p += c == '%' ? 1 : 0;
        continue;
      }
      long limit = 0;
      boolean limited = p < wanted.length() && CType.isDigit(wanted.charAt(p));
      while (p < wanted.length() && CType.isDigit(wanted.charAt(p))) {
        limit = limit * 10 + (wanted.charAt(p++) - '0');
      }
      if (found == MAX_ARGUMENTS || p == wanted.length()) {
        return false;
      }
      long from = at;
      switch (wanted.charAt(p++)) {
        case 's' -> {
          long length = text.length(at);
          at += limited ? Math.min(limit, length) : length;
          if (length == 0) {
            return false;
          }
        }
        case 'd' -> at = numbers.simpleSigned(at, 0, Integer.MAX_VALUE).end();
        case 'u' -> at = numbers.simple(at, 0, Integer.MAX_VALUE).end();
        case 'o' -> at = numbers.simple(at, 8, Integer.MAX_VALUE).end();
        case 'x' -> at = numbers.simple(at, 16, Integer.MAX_VALUE).end();
        default -> {
          return false;
        }
      }
      if (at == from && wanted.charAt(p - 1) != 's') {
        return false;
      }
      memory.writeLong(substrings + 16L * found, from);
      memory.writeLong(substrings + 16L * found + 8, at);
      found++;
    }
    return text.at(at) == 0;
  }

  private static long from(TrapFrame c, int argument) {
    return c.memory().readLong(c.argument(argument));
  }

  private static long length(TrapFrame c, int argument) {
    return c.memory().readLong(c.argument(argument) + 8) - from(c, argument);
  }

  /** (substring, int result): what follows the number does not count. */
  private static long number(TrapFrame c, int base) {
    if (Long.compareUnsigned(length(c, 0), NUMBER_MAX) >= 0) {
      return -ERANGE;
    }
    IntegerText text = new IntegerText(c.memory());
    IntegerText.Parsed parsed = text.simpleSigned(from(c, 0), base, length(c, 0));
    if (parsed.end() == from(c, 0)) {
      return -EINVAL;
    }
    if (parsed.value() != (int) parsed.value()) {
      return -ERANGE;
    }
    c.memory().writeInt(c.argument(1), (int) parsed.value());
    return 0;
  }

  /** (substring, result): the whole substring, as kstrtouint and kstrtoull. */
  private static long unsigned(TrapFrame c, int base, int bits) {
    if (Long.compareUnsigned(length(c, 0), NUMBER_MAX) >= 0) {
      return -ERANGE;
    }
    IntegerText text = new IntegerText(c.memory());
    long end = from(c, 0) + length(c, 0);
    long start = length(c, 0) > 0 && text.at(from(c, 0)) == '+' ? from(c, 0) + 1 : from(c, 0);
    int radix = text.radix(start, base);
    long digits = Math.min(text.digits(start, radix), end);
    IntegerText.Parsed parsed = text.parse(digits, radix, end - digits);
    if (parsed.overflow()) {
      return -ERANGE;
    }
    if (parsed.digits() == 0 || parsed.end() != end) {
      return -EINVAL;
    }
    if (bits == 32 && parsed.value() >>> 32 != 0) {
      return -ERANGE;
    }
    if (bits == 32) {
      c.memory().writeInt(c.argument(1), (int) parsed.value());
    } else {
      c.memory().writeLong(c.argument(1), parsed.value());
    }
    return 0;
  }

  /** match_strlcpy(buffer, substring, size): the whole length. */
  private static long copy(TrapFrame c) {
    long length = length(c, 1);
    long size = c.argument(2);
    if (size != 0) {
      long copied = Long.compareUnsigned(length, size) < 0 ? length : size - 1;
      GuestBytes.copy(c.memory(), c.argument(0), from(c, 1), copied);
      c.memory().writeByte(c.argument(0) + copied, 0);
    }
    return length;
  }

  private static long duplicate(TrapFrame c, Allocator allocator) {
    long length = length(c, 0);
    long copy = allocator.allocate(length + 1, GFP_KERNEL, c.returnAddress());
    if (copy != 0) {
      GuestBytes.copy(c.memory(), copy, from(c, 0), length);
      c.memory().writeByte(copy + length, 0);
    }
    return copy;
  }

  /** match_wildcard(pattern, string): * and ? only. */
  private static long wildcard(TrapFrame c) {
    String pattern = GuestFormat.text(c.memory(), c.argument(0));
    String quoted = pattern.replaceAll("[\\[\\\\]", "\\\\$0");
    String text = GuestFormat.text(c.memory(), c.argument(1));
    return new Glob(quoted, text).matches(c.memory()) ? 1 : 0;
  }
}
