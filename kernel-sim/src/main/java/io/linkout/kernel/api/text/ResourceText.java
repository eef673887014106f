package io.linkout.kernel.api.text;

/**
 * %pR and %pr: struct resource (include/linux/ioport.h: start at 0, end at 8, flags at 24 on
 * x86-64).
 */
final class ResourceText {
  private static final long IO = 0x100;
  private static final long MEM = 0x200;
  private static final long IRQ = 0x400;
  private static final long DMA = 0x800;
  private static final long BUS = 0x1000;
  private static final long PREFETCH = 0x2000;
  private static final long MEM_64 = 0x100000;
  private static final long WINDOW = 0x200000;
  private static final long DISABLED = 0x10000000;
  private static final long UNSET = 0x20000000;

  private static final int HEX = FormatSpec.SPECIAL | FormatSpec.SMALL | FormatSpec.ZERO_PAD;
  private static final FormatSpec IO_NUMBER = new FormatSpec(HEX, 6, -1, 16);
  private static final FormatSpec MEM_NUMBER = new FormatSpec(HEX, 10, -1, 16);
  private static final FormatSpec BUS_NUMBER =
      new FormatSpec(FormatSpec.SMALL | FormatSpec.ZERO_PAD, 2, -1, 16);

  private ResourceText() {}

  static void format(FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (context.refuses(pointer, spec)) {
      return;
    }
    long start = context.memory().readLong(pointer);
    long end = context.memory().readLong(pointer + 8);
    long flags = context.memory().readLong(pointer + 24);
    boolean decode = PointerFormats.at(extension, 0) == 'R';
    String text = ValueText.text(context, out -> append(out, start, end, flags, decode));
    FormatText.string(context.out(), text, spec);
  }

  private static void append(
      FormatOutput out, long start, long end, long flags, boolean wantDecoded) {
    boolean known = (flags & (IO | MEM | IRQ | DMA | BUS)) != 0;
    boolean decode = wantDecoded && known;
    FormatSpec number = number(flags);
    out.append("[" + kind(flags));
    if (decode && (flags & UNSET) != 0) {
      out.append("size ");
      FormatText.number(out, end - start + 1, number);
    } else {
      FormatText.number(out, start, number);
      if (start != end) {
        out.append('-');
        FormatText.number(out, end, number);
      }
    }
    if (decode) {
      out.append((flags & MEM_64) != 0 ? " 64bit" : "");
      out.append((flags & PREFETCH) != 0 ? " pref" : "");
      out.append((flags & WINDOW) != 0 ? " window" : "");
      out.append((flags & DISABLED) != 0 ? " disabled" : "");
    } else {
      out.append(" flags ");
      FormatText.number(out, flags, FormatSpec.HEX_FLAGS);
    }
    out.append(']');
  }

  private static String kind(long flags) {
    if ((flags & IO) != 0) {
      return "io  ";
    }
    if ((flags & MEM) != 0) {
      return "mem ";
    }
    if ((flags & IRQ) != 0) {
      return "irq ";
    }
    if ((flags & DMA) != 0) {
      return "dma ";
    }
    return (flags & BUS) != 0 ? "bus " : "??? ";
  }

  private static FormatSpec number(long flags) {
    if ((flags & IO) != 0) {
      return IO_NUMBER;
    }
    if ((flags & MEM) != 0) {
      return MEM_NUMBER;
    }
    if ((flags & (IRQ | DMA)) != 0) {
      return FormatSpec.DECIMAL;
    }
    return (flags & BUS) != 0 ? BUS_NUMBER : MEM_NUMBER;
  }
}
