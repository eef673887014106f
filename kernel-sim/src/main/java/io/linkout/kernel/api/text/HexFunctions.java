package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import java.nio.charset.StandardCharsets;

/** Bytes as hexadecimal text and back (lib/hexdump.c, release 6.1). */
public final class HexFunctions {
  private static final int EINVAL = 22;

  private HexFunctions() {}

  /** Declares them; print_hex_dump is with the printk family. */
  public static void declare(FunctionTable table) {
    table.real("hex_to_bin", c -> CType.hexValue((int) c.argument(0) & 0xff));
    table.real("hex2bin", HexFunctions::hex2bin);
    table.real("bin2hex", HexFunctions::bin2hex);
    table.real("hex_dump_to_buffer", HexFunctions::dumpToBuffer);
  }

  /**
   * One line of a dump.
   *
   * @param text as it would be without a limit
   * @param needed what hex_dump_to_buffer returns
   */
  public record Line(String text, long needed) {}

  /**
   * Returns the dump of at most one row of {@code size} bytes at guest address {@code address}.
   *
   * @param rowSize bytes a row: 16 or 32, anything else is 16
   * @param groupSize bytes a group: 1, 2, 4 or 8, anything else is 1
   * @param ascii also as characters
   */
  public static Line line(
      GuestMemory memory, long address, long size, int rowSize, int groupSize, boolean ascii) {
    int row = rowSize == 32 ? 32 : 16;
    int length = (int) (Long.compareUnsigned(size, row) > 0 ? row : size);
    int group = Integer.bitCount(groupSize) == 1 && groupSize > 0 && groupSize <= 8 ? groupSize : 1;
    if (length % group != 0) {
      group = 1;
    }
    byte[] bytes = memory.read(address, length);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i += group) {
      text.append(i == 0 ? "" : " ");
      // Groups are numbers: little-endian, highest byte first.
      for (int j = group - 1; j >= 0; j--) {
        text.append(FormatText.hexByte(bytes[i + j]));
      }
    }
    int asciiColumn = row * 2 + row / group + 1;
    if (ascii && length > 0) {
      text.append(" ".repeat(asciiColumn - text.length()));
      for (byte b : bytes) {
        text.append(b >= 0 && CType.isPrintable(b) ? (char) b : '.');
      }
    }
    long needed = ascii ? (long) asciiColumn + length : (group * 2L + 1) * (length / group) - 1;
    return new Line(text.toString(), needed);
  }

  /** hex_dump_to_buffer(buf, len, rowsize, groupsize, linebuf, linebuflen, ascii). */
  private static long dumpToBuffer(TrapFrame c) {
    boolean ascii = (c.argument(6) & 0xff) != 0;
    Line line =
        line(
            c.memory(),
            c.argument(0),
            c.argument(1),
            (int) c.argument(2),
            (int) c.argument(3),
            ascii);
    long room = c.argument(5);
    if (room == 0) {
      return (int) line.needed();
    }
    boolean fits = Long.compareUnsigned(line.text().length(), room) < 0;
    int kept = fits ? line.text().length() : (int) room - 1;
    String text = line.text().substring(0, kept) + "\0";
    c.memory().write(c.argument(4), text.getBytes(StandardCharsets.ISO_8859_1));
    return line.text().isEmpty() ? 0 : (int) line.needed();
  }

  /** hex2bin(bytes, text, number of bytes). */
  private static long hex2bin(TrapFrame c) {
    for (long i = 0; i != c.argument(2); i++) {
      int high = CType.hexValue(c.memory().readByte(c.argument(1) + 2 * i));
      if (high < 0) {
        return -EINVAL;
      }
      int low = CType.hexValue(c.memory().readByte(c.argument(1) + 2 * i + 1));
      if (low < 0) {
        return -EINVAL;
      }
      c.memory().writeByte(c.argument(0) + i, (high << 4) | low);
    }
    return 0;
  }

  /** bin2hex(text, bytes, number of bytes): returns the end of the text, which has no NUL. */
  private static long bin2hex(TrapFrame c) {
    for (long i = 0; i != c.argument(2); i++) {
      String digits = FormatText.hexByte(c.memory().readByte(c.argument(1) + i));
      c.memory().write(c.argument(0) + 2 * i, digits.getBytes(StandardCharsets.ISO_8859_1));
    }
    return c.argument(0) + 2 * c.argument(2);
  }
}
