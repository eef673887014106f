package io.linkout.kernel.api.text;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/** %pU, %p4cc, %pa: values passed by reference. */
final class ValueText {
  /** Order in which the bytes of a GUID are printed: the first three fields are little-endian. */
  private static final int[] GUID_ORDER = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

  private ValueText() {}

  /** %pUb %pUB %pUl %pUL: sixteen bytes. */
  static void uuid(FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (context.refuses(pointer, spec)) {
      return;
    }
    char variant = PointerFormats.at(extension, 1);
    boolean little = variant == 'l' || variant == 'L';
    byte[] bytes = context.memory().read(pointer, 16);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      text.append(i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "");
      text.append(FormatText.hexByte(bytes[little ? GUID_ORDER[i] : i]));
    }
    boolean upper = variant == 'B' || variant == 'L';
    String digits = text.toString();
    FormatText.string(context.out(), upper ? digits.toUpperCase(Locale.ROOT) : digits, spec);
  }

  /** %p4cc: four characters, the byte order and the number. */
  static void fourCc(FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (!extension.startsWith("4cc")) {
      FormatText.error(context.out(), "(%p4?)", spec);
      return;
    }
    if (context.refuses(pointer, spec)) {
      return;
    }
    int code = context.memory().readInt(pointer);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      int c = ((code & 0x7fffffff) >>> (8 * i)) & 0xff;
      text.append(CType.isAscii(c) && CType.isPrintable(c) ? (char) c : '.');
    }
    text.append(code < 0 ? " big-endian (0x" : " little-endian (0x");
    text.append(String.format(Locale.ROOT, "%08x)", code));
    FormatText.string(context.out(), text.toString(), spec);
  }

  /** %pa %pap %pad: phys_addr_t and dma_addr_t have eight bytes on x86-64. */
  static void address(FormatContext context, long pointer, FormatSpec spec) {
    if (!context.refuses(pointer, spec)) {
      FormatText.number(
          context.out(), context.memory().readLong(pointer), FormatSpec.fullHex(Long.BYTES));
    }
  }

  /** Returns what {@code writer} appends, each byte a char. */
  static String text(FormatContext context, Consumer<FormatOutput> writer) {
    FormatOutput out = FormatOutput.toKernel(context.memory(), Integer.MAX_VALUE);
    writer.accept(out);
    return new String(out.kept(), StandardCharsets.ISO_8859_1);
  }
}
