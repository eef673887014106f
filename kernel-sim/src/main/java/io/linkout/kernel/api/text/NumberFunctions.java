package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.TrapFrame;

/** Numbers from strings: kstrto*, simple_strto*, get_option and memparse (release 6.1). */
public final class NumberFunctions {
  private static final int EINVAL = 22;
  private static final int ERANGE = 34;

  private NumberFunctions() {}

  /** Declares them. */
  public static void declare(FunctionTable table) {
    table.real("kstrtoull", c -> unsigned(c, 64));
    table.real("_kstrtoul", c -> unsigned(c, 64));
    table.real("kstrtouint", c -> unsigned(c, 32));
    table.real("kstrtou16", c -> unsigned(c, 16));
    table.real("kstrtou8", c -> unsigned(c, 8));
    table.real("kstrtoll", c -> signed(c, 64));
    table.real("_kstrtol", c -> signed(c, 64));
    table.real("kstrtoint", c -> signed(c, 32));
    table.real("kstrtos16", c -> signed(c, 16));
    table.real("kstrtos8", c -> signed(c, 8));
    table.real("kstrtobool", NumberFunctions::bool);
    table.real("simple_strtoull", c -> simple(c, false));
    table.real("simple_strtoul", c -> simple(c, false));
    table.real("simple_strtoll", c -> simple(c, true));
    table.real("simple_strtol", c -> simple(c, true));
    OptionFunctions.declare(table);
  }

  /** kstrtoX(string, base, result). */
  private static long unsigned(TrapFrame c, int bits) {
    IntegerText text = new IntegerText(c.memory());
    long address = text.at(c.argument(0)) == '+' ? c.argument(0) + 1 : c.argument(0);
    IntegerText.Parsed parsed =
        text.parse(start(c, text, address), radix(c, text, address), Integer.MAX_VALUE);
    int error = error(text, parsed);
    if (error == 0 && bits < 64 && parsed.value() >>> bits != 0) {
      error = ERANGE;
    }
    if (error == 0) {
      store(c, parsed.value(), bits);
    }
    return -error;
  }

  private static long signed(TrapFrame c, int bits) {
    IntegerText text = new IntegerText(c.memory());
    int sign = text.at(c.argument(0));
    long address = sign == '-' || sign == '+' ? c.argument(0) + 1 : c.argument(0);
    IntegerText.Parsed parsed =
        text.parse(start(c, text, address), radix(c, text, address), Integer.MAX_VALUE);
    int error = error(text, parsed);
    long value = sign == '-' ? -parsed.value() : parsed.value();
    if (error == 0 && (sign == '-' ? value > 0 : value < 0)) {
      error = ERANGE;
    }
    int unused = 64 - bits;
    if (error == 0 && (value << unused) >> unused != value) {
      error = ERANGE;
    }
    if (error == 0) {
      store(c, value, bits);
    }
    return -error;
  }

  private static int radix(TrapFrame c, IntegerText text, long address) {
    return text.radix(address, (int) c.argument(1));
  }

  private static long start(TrapFrame c, IntegerText text, long address) {
    return text.digits(address, radix(c, text, address));
  }

  /** Nothing but one newline may follow the digits. */
  private static int error(IntegerText text, IntegerText.Parsed parsed) {
    if (parsed.overflow()) {
      return ERANGE;
    }
    if (parsed.digits() == 0) {
      return EINVAL;
    }
    long end = text.at(parsed.end()) == '\n' ? parsed.end() + 1 : parsed.end();
    return text.at(end) == 0 ? 0 : EINVAL;
  }

  private static void store(TrapFrame c, long value, int bits) {
    long address = c.argument(2);
    switch (bits) {
      case 8 -> c.memory().writeByte(address, (int) value);
      case 16 -> c.memory().writeShort(address, (int) value);
      case 32 -> c.memory().writeInt(address, (int) value);
      default -> c.memory().writeLong(address, value);
    }
  }

  /** kstrtobool(string, result). */
  private static long bool(TrapFrame c) {
    if (c.argument(0) == 0) {
      return -EINVAL;
    }
    IntegerText text = new IntegerText(c.memory());
    int first = CType.toLower(text.at(c.argument(0)));
    if (first == 'o') {
      first = CType.toLower(text.at(c.argument(0) + 1)) | 0x100;
    }
    int value =
        switch (first) {
          case 'y', 't', '1', 'n' | 0x100 -> 1;
          case 'n', 'f', '0', 'f' | 0x100 -> 0;
          default -> -EINVAL;
        };
    if (value >= 0) {
      c.memory().writeByte(c.argument(1), value);
    }
    return Math.min(value, 0);
  }

  /** simple_strtoX(string, address of the end pointer or NULL, base). */
  private static long simple(TrapFrame c, boolean signed) {
    IntegerText text = new IntegerText(c.memory());
    int base = (int) c.argument(2);
    IntegerText.Parsed parsed =
        signed
            ? text.simpleSigned(c.argument(0), base, Integer.MAX_VALUE)
            : text.simple(c.argument(0), base, Integer.MAX_VALUE);
    if (c.argument(1) != 0) {
      c.memory().writeLong(c.argument(1), parsed.end());
    }
    return parsed.value();
  }
}
