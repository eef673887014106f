package io.linkout.kernel.api.text;

/** %ph, %pE and %pb: buffers whose size is the field's width. */
final class BufferText {
  /** %ph prints no more bytes than this. */
  private static final int HEX_MAX = 64;

  private static final int CHUNK_BITS = 32;

  private BufferText() {}

  /** %ph: bytes in hexadecimal. */
  static void hex(FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (spec.width() == 0 || context.refuses(pointer, spec)) {
      return;
    }
    String separator =
        switch (PointerFormats.at(extension, 1)) {
          case 'C' -> ":";
          case 'D' -> "-";
          case 'N' -> "";
          default -> " ";
        };
    int length = spec.width() > 0 ? Math.min(spec.width(), HEX_MAX) : 1;
    for (int i = 0; i < length; i++) {
      context.out().append(i == 0 ? "" : separator);
      context.out().append(FormatText.hexByte(context.memory().readByte(pointer + i)));
    }
  }

  /** %pE: bytes, escaped. */
  static void escaped(FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (spec.width() == 0 || context.refuses(pointer, spec)) {
      return;
    }
    int flags = escapeFlags(extension);
    int length = Math.max(spec.width(), 1);
    for (int i = 0; i < length; i++) {
      StringEscape.append(context.out(), context.memory().readByte(pointer + i), flags, "");
    }
  }

  /** %pb and %pbl: a bitmap. */
  static void bitmap(FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (!context.refuses(pointer, spec)) {
      boolean list = PointerFormats.at(extension, 1) == 'l';
      bits(
          context.out(), new GuestBits(context.memory(), pointer), Math.max(spec.width(), 0), list);
    }
  }

  /** Appends {@code bits} bits of a map, as words or as a list of ranges. */
  static void bits(FormatOutput out, GuestBits map, int bits, boolean list) {
    if (list) {
      list(out, map, bits);
    } else {
      chunks(out, map, bits);
    }
  }

  private static int escapeFlags(String extension) {
    int flags = 0;
    for (int i = 1; ; i++) {
      switch (PointerFormats.at(extension, i)) {
        case 'a' -> flags |= StringEscape.ANY;
        case 'c' -> flags |= StringEscape.SPECIAL;
        case 'h' -> flags |= StringEscape.HEX;
        case 'n' -> flags |= StringEscape.NULL;
        case 'o' -> flags |= StringEscape.OCTAL;
        case 'p' -> flags |= StringEscape.NOT_PRINTABLE;
        case 's' -> flags |= StringEscape.SPACE;
        default -> {
          return flags == 0 ? StringEscape.ANY_NOT_PRINTABLE : flags;
        }
      }
    }
  }

  /** Groups of 32 bits, the highest first, all but the first with leading zeros. */
  private static void chunks(FormatOutput out, GuestBits map, int bits) {
    int highest = (bits + CHUNK_BITS - 1) / CHUNK_BITS * CHUNK_BITS - CHUNK_BITS;
    int size = bits % CHUNK_BITS == 0 ? CHUNK_BITS : bits % CHUNK_BITS;
    for (int at = highest; at >= 0; at -= CHUNK_BITS) {
      long word = map.word(at / 64);
      long value = (word >>> (at % 64)) & ((1L << size) - 1);
      out.append(at == highest ? "" : ",");
      FormatText.number(
          out,
          value,
          new FormatSpec(FormatSpec.SMALL | FormatSpec.ZERO_PAD, (size + 3) / 4, 0, 16));
      size = CHUNK_BITS;
    }
  }

  /** Ranges of set bits, such as {@code 0-3,7}. */
  private static void list(FormatOutput out, GuestBits map, int bits) {
    boolean first = true;
    long start = map.next(true, 0, bits);
    while (start < bits) {
      long end = map.next(false, start, bits);
      out.append(first ? "" : ",");
      out.append(Long.toString(start));
      if (end > start + 1) {
        out.append("-" + (end - 1));
      }
      first = false;
      start = map.next(true, end, bits);
    }
  }
}
