package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import java.nio.charset.StandardCharsets;

/** Escapes, sizes for people, and patterns (lib/string_helpers.c, lib/glob.c, release 6.1). */
public final class EscapeFunctions {
  private static final int UNESCAPE_SPACE = 1;
  private static final int UNESCAPE_OCTAL = 1 << 1;
  private static final int UNESCAPE_HEX = 1 << 2;
  private static final int UNESCAPE_SPECIAL = 1 << 3;

  private EscapeFunctions() {}

  /** Declares them. */
  public static void declare(FunctionTable table) {
    table.real("string_escape_mem", EscapeFunctions::escape);
    table.real("string_unescape", EscapeFunctions::unescape);
    table.real("string_get_size", EscapeFunctions::size);
    table.real("glob_match", EscapeFunctions::glob);
    table.real("mac_pton", EscapeFunctions::mac);
  }

  /** (source, its size, buffer, its size, flags, dictionary or NULL): no NUL is written. */
  private static long escape(TrapFrame c) {
    GuestMemory memory = c.memory();
    String only = c.argument(5) == 0 ? "" : GuestFormat.text(memory, c.argument(5));
    FormatOutput out = FormatOutput.toGuest(memory, c.argument(2), c.argument(3));
    GuestText text = new GuestText(memory);
    for (long i = 0; i != c.argument(1); i++) {
      StringEscape.append(out, text.at(c.argument(0) + i), (int) c.argument(4), only);
    }
    out.finish(0);
    return (int) out.length();
  }

  /** (source, buffer, its size or 0, flags): returns the length without NUL. */
  private static long unescape(TrapFrame c) {
    return new Unescape(c.memory(), c.argument(0), c.argument(1)).run(c.argument(2), c.argument(3));
  }

  /** One run of string_unescape; source and buffer may be the same. */
  private static final class Unescape {
    private final GuestMemory memory;
    private long from;
    private long to;

    Unescape(GuestMemory memory, long from, long to) {
      this.memory = memory;
      this.from = from;
      this.to = to;
    }

    long run(long room, long flags) {
      long start = to;
      long left = room == 0 ? -1 : room;
      while (memory.readByte(from) != 0 && --left != 0) {
        if (memory.readByte(from) == '\\' && memory.readByte(from + 1) != 0 && left != 1) {
          from++;
          left--;
          int value = sequence(flags);
          if (value >= 0) {
            memory.writeByte(to++, value);
            continue;
          }
          memory.writeByte(to++, '\\');
        }
        memory.writeByte(to++, memory.readByte(from++));
      }
      memory.writeByte(to, 0);
      return (int) (to - start);
    }

    /** Returns what the sequence after the backslash stands for and skips it, or -1. */
    private int sequence(long flags) {
      int letter = memory.readByte(from);
      int space = "nrtvf".indexOf(letter);
      if ((flags & UNESCAPE_SPACE) != 0 && space >= 0) {
        from++;
        return "\n\r\t\u000b\f".charAt(space);
      }
      if ((flags & UNESCAPE_OCTAL) != 0 && octal(letter)) {
        return number();
      }
      int digit = letter == 'x' ? CType.hexValue(memory.readByte(from + 1)) : -1;
      if ((flags & UNESCAPE_HEX) != 0 && digit >= 0) {
        int second = CType.hexValue(memory.readByte(from + 2));
        from += second < 0 ? 2 : 3;
        return second < 0 ? digit : (digit << 4) | second;
      }
      int special = "\"\\ae".indexOf(letter);
      if ((flags & UNESCAPE_SPECIAL) != 0 && special >= 0) {
        from++;
        return "\"\\\u0007\u001b".charAt(special);
      }
      return -1;
    }

    /** Up to three octal digits that stay below 256. */
    private int number() {
      long start = from;
      int value = memory.readByte(from++) & 7;
      while (value < 32 && from - start < 3 && octal(memory.readByte(from))) {
        value = (value << 3) + (memory.readByte(from++) & 7);
      }
      return value;
    }

    private static boolean octal(int letter) {
      return letter >= '0' && letter <= '7';
    }
  }

  /** string_get_size(u64 blocks, u64 block size, units, buffer, int its size). */
  private static long size(TrapFrame c) {
    String text = HumanSize.of(c.argument(0), c.argument(1), (int) c.argument(2) != 0);
    int room = (int) c.argument(4);
    if (room > 0) {
      String kept = text.substring(0, Math.min(text.length(), room - 1)) + "\0";
      c.memory().write(c.argument(3), kept.getBytes(StandardCharsets.ISO_8859_1));
    }
    return 0;
  }

  /** glob_match(pattern, string): ? * [a-z] [!a-z] and \. */
  private static long glob(TrapFrame c) {
    String pattern = GuestFormat.text(c.memory(), c.argument(0));
    String text = GuestFormat.text(c.memory(), c.argument(1));
    return new Glob(pattern, text).matches(c.memory()) ? 1 : 0;
  }

  /** mac_pton(text, six bytes): xx:xx:xx:xx:xx:xx. */
  private static long mac(TrapFrame c) {
    GuestText text = new GuestText(c.memory());
    byte[] mac = new byte[6];
    if (text.length(c.argument(0), 17) < 17) {
      return 0;
    }
    for (int i = 0; i < 6; i++) {
      int high = CType.hexValue(text.at(c.argument(0) + 3L * i));
      int low = CType.hexValue(text.at(c.argument(0) + 3L * i + 1));
      if (high < 0 || low < 0 || (i < 5 && text.at(c.argument(0) + 3L * i + 2) != ':')) {
        return 0;
      }
      mac[i] = (byte) ((high << 4) | low);
    }
    c.memory().write(c.argument(1), mac);
    return 1;
  }
}
