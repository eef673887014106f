package io.linkout.kernel.api.lib;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.text.FormatArguments;
import io.linkout.kernel.api.text.GuestFormat;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;

/** Writing into a struct seq_file's buffer (fs/seq_file.c). */
final class SequenceFileFunctions {
  private static final int PAGE = 4096;

  private final StructLayout layout;
  private final GuestMemory memory;
  private final GuestFormat format;

  private SequenceFileFunctions(StructLayout layout, GuestMemory memory, GuestFormat format) {
    this.layout = layout;
    this.memory = memory;
    this.format = format;
  }

  static void declare(
      FunctionTable table, StructLayout layout, GuestMemory memory, GuestFormat format) {
    SequenceFileFunctions f = new SequenceFileFunctions(layout, memory, format);
    table.real("seq_printf", c -> f.print(c, FormatArguments.ofCall(c, 2)));
    table.real("seq_vprintf", c -> f.print(c, FormatArguments.ofVaList(memory, c.argument(2))));
    table.real("seq_puts", f::puts);
    table.real("seq_putc", f::putc);
    table.real("seq_write", f::write);
    table.real("seq_put_decimal_ull", c -> f.decimal(c, Long.toUnsignedString(c.argument(2))));
    table.real("seq_put_decimal_ll", c -> f.decimal(c, Long.toString(c.argument(2))));
    table.real("seq_pad", f::pad);
  }

  private GuestStruct file(TrapFrame c) {
    return new GuestStruct(memory, layout, "seq_file", c.argument(0));
  }

  /** Appends all of {@code bytes}, or makes the file full, as the reader will then try again. */
  private void append(GuestStruct file, byte[] bytes) {
    long size = file.readLong("size");
    long count = file.readLong("count");
    if (count + bytes.length < size) {
      memory.write(file.readLong("buf") + count, bytes);
      file.writeLong("count", count + bytes.length);
    } else {
      file.writeLong("count", size);
    }
  }

  private long print(TrapFrame c, FormatArguments arguments) {
    append(file(c), format.bytes(memory, 1 << 16, c.argument(1), arguments));
    return 0;
  }

  private long puts(TrapFrame c) {
    append(file(c), bytes(memory.readString(c.argument(1), 1 << 20)));
    return 0;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private long putc(TrapFrame c) {
    GuestStruct file = file(c);
    long count = file.readLong("count");
    if (count < file.readLong("size")) {
      memory.writeByte(file.readLong("buf") + count, (int) c.argument(1));
      file.writeLong("count", count + 1);
    }
    return 0;
  }

  /** Returns 0, or -1 if it does not fit. */
  private long write(TrapFrame c) {
    GuestStruct file = file(c);
    byte[] content = memory.read(c.argument(1), Math.toIntExact(c.argument(2)));
    boolean fits = file.readLong("count") + content.length < file.readLong("size");
    append(file, content);
    return fits ? 0 : -1;
  }

  /** seq_put_decimal_ull(file, delimiter, number). */
  private long decimal(TrapFrame c, String number) {
    String delimiter = c.argument(1) == 0 ? "" : memory.readString(c.argument(1), 64);
    append(file(c), bytes(delimiter + number));
    return 0;
  }

  /** seq_pad(file, last): fills up to pad_until with spaces. */
  private long pad(TrapFrame c) {
    GuestStruct file = file(c);
    long missing = file.readLong("pad_until") - file.readLong("count");
    String last = (c.argument(1) & 0xff) == 0 ? "" : "" + (char) (c.argument(1) & 0xff);
    append(file, bytes(" ".repeat(Math.clamp(missing, 0, PAGE)) + last));
    return 0;
  }
}
