package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;

/** Lists of numbers and sizes in options (lib/cmdline.c, release 6.1). */
final class OptionFunctions {
  private static final String SUFFIXES = "kmgtpe";

  private OptionFunctions() {}

  static void declare(FunctionTable table) {
    table.real("get_option", c -> option(c.memory(), c.argument(0), c.argument(1)));
    table.real("get_options", OptionFunctions::options);
    table.real("memparse", OptionFunctions::memparse);
  }

  /** What one option was, and where the text goes on. */
  private record Option(int kind, int value, long rest) {
    static final int NONE = 0;
    static final int LAST = 1;
    static final int MORE = 2;
    static final int RANGE = 3;
  }

  private static Option read(GuestMemory memory, long text) {
    IntegerText number = new IntegerText(memory);
    if (text == 0 || number.at(text) == 0) {
      return new Option(Option.NONE, 0, text);
    }
    boolean minus = number.at(text) == '-';
    long digits = minus ? text + 1 : text;
    IntegerText.Parsed parsed = number.simple(digits, 0, Integer.MAX_VALUE);
    int value = (int) (minus ? -parsed.value() : parsed.value());
    if (parsed.end() == digits) {
      return new Option(Option.NONE, value, parsed.end());
    }
    return switch (number.at(parsed.end())) {
      case ',' -> new Option(Option.MORE, value, parsed.end() + 1);
      case '-' -> new Option(Option.RANGE, value, parsed.end());
      default -> new Option(Option.LAST, value, parsed.end());
    };
  }

  /** get_option(address of the string pointer, int or NULL). */
  private static long option(GuestMemory memory, long pointer, long result) {
    long text = memory.readLong(pointer);
    if (text == 0 || memory.readByte(text) == 0) {
      return Option.NONE;
    }
    Option option = read(memory, text);
    memory.writeLong(pointer, option.rest());
    if (result != 0) {
      memory.writeInt(result, option.value());
    }
    return option.kind();
  }

  /**
   * get_options(string, room, ints): the first int becomes the count. A room of 0 only counts.
   * Returns where the text goes on.
   */
  private static long options(TrapFrame c) {
    GuestMemory memory = c.memory();
    int room = (int) c.argument(1);
    boolean counting = room == 0;
    long text = c.argument(0);
    int i = 1;
    while (i < room || counting) {
      Option option = read(memory, text);
      boolean there = text != 0 && memory.readByte(text) != 0;
      text = option.rest();
      long slot = counting ? c.argument(2) : c.argument(2) + 4L * i;
      if (there) {
        memory.writeInt(slot, option.value());
      }
      if (option.kind() == Option.NONE) {
        break;
      }
      if (option.kind() == Option.RANGE) {
        // The upper end is read again as the next number, so it is not counted here.
        text++;
        int upper = (int) new IntegerText(memory).simpleSigned(text, 0, Integer.MAX_VALUE).value();
        int count = upper - option.value();
        if (count < 0) {
          break;
        }
        int free = counting ? 0 : room - i;
        for (int n = 0; n < Math.min(count, free); n++) {
          memory.writeInt(slot + 4L * n, option.value() + n);
        }
        i += count - 1;
      }
      i++;
      if (option.kind() == Option.LAST) {
        break;
      }
    }
    memory.writeInt(c.argument(2), i - 1);
    return text;
  }

  /** memparse(string, address of the end pointer or NULL): a number and K, M, G, T, P or E. */
  private static long memparse(TrapFrame c) {
    IntegerText text = new IntegerText(c.memory());
    IntegerText.Parsed parsed = text.simple(c.argument(0), 0, Integer.MAX_VALUE);
    int suffix = SUFFIXES.indexOf(text.at(parsed.end()) | 0x20);
    if (c.argument(1) != 0) {
      c.memory().writeLong(c.argument(1), parsed.end() + (suffix >= 0 ? 1 : 0));
    }
    long value = parsed.value();
    for (int i = 0; i <= suffix; i++) {
      value <<= 10;
    }
    return value;
  }
}
