package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.TrapFrame;

/**
 * Cyclic redundancy checks (lib/crc32.c, lib/crc-ccitt.c, release 6.1). None inverts its start
 * value or its result; callers do.
 */
public final class ChecksumFunctions {
  /** x^32 + x^26 + x^23 + … + 1, lowest bit first. */
  private static final int CRC32_LITTLE = 0xedb88320;

  /** The same, highest bit first. */
  private static final int CRC32_BIG = 0x04c11db7;

  /** Castagnoli's, lowest bit first. */
  private static final int CRC32C_LITTLE = 0x82f63b78;

  /** x^16 + x^12 + x^5 + 1, lowest bit first. */
  private static final int CCITT_LITTLE = 0x8408;

  /** The same, highest bit first. */
  private static final int CCITT_BIG = 0x1021;

  private static final int[] CRC32_TABLE = reflected(CRC32_LITTLE);
  private static final int[] CRC32C_TABLE = reflected(CRC32C_LITTLE);
  private static final int[] CRC32_BIG_TABLE = forward(CRC32_BIG, 32);
  private static final int[] CCITT_TABLE = reflected(CCITT_LITTLE);
  private static final int[] CCITT_FALSE_TABLE = forward(CCITT_BIG, 16);

  private ChecksumFunctions() {}

  /** Declares them. */
  public static void declare(FunctionTable table) {
    table.real("crc32_le", c -> unsigned(little(c, CRC32_TABLE)));
    table.real("__crc32c_le", c -> unsigned(little(c, CRC32C_TABLE)));
    table.real("crc32_be", c -> unsigned(big(c)));
    table.real("crc32_le_shift", c -> unsigned(shift(c, CRC32_LITTLE)));
    table.real("__crc32c_le_shift", c -> unsigned(shift(c, CRC32C_LITTLE)));
    table.real("crc_ccitt", c -> little(c, CCITT_TABLE) & 0xffff);
    table.real("crc_ccitt_false", ChecksumFunctions::ccittFalse);
  }

  /** Returns crc_ccitt_table: 256 little-endian 16-bit entries. */
  public static byte[] ccittTable() {
    return shorts(CCITT_TABLE);
  }

  /** Returns crc_ccitt_false_table: 256 little-endian 16-bit entries. */
  public static byte[] ccittFalseTable() {
    return shorts(CCITT_FALSE_TABLE);
  }

  /** (crc, buffer, size). */
  private static int little(TrapFrame c, int[] table) {
    GuestText bytes = new GuestText(c.memory());
    int crc = (int) c.argument(0);
    for (long i = 0; i != c.argument(2); i++) {
      crc = table[(crc ^ bytes.at(c.argument(1) + i)) & 0xff] ^ (crc >>> 8);
    }
    return crc;
  }

  private static int big(TrapFrame c) {
    GuestText bytes = new GuestText(c.memory());
    int crc = (int) c.argument(0);
    for (long i = 0; i != c.argument(2); i++) {
      crc = CRC32_BIG_TABLE[(crc >>> 24) ^ bytes.at(c.argument(1) + i)] ^ (crc << 8);
    }
    return crc;
  }

  private static long ccittFalse(TrapFrame c) {
    GuestText bytes = new GuestText(c.memory());
    int crc = (int) c.argument(0) & 0xffff;
    for (long i = 0; i != c.argument(2); i++) {
      int index = (crc >>> 8) ^ bytes.at(c.argument(1) + i);
      crc = (CCITT_FALSE_TABLE[index] ^ (crc << 8)) & 0xffff;
    }
    return crc;
  }

  /** (crc, size): the crc after so many zero bytes: times x^(8 size) modulo the polynomial. */
  private static int shift(TrapFrame c, int polynomial) {
    int crc = (int) c.argument(0);
    // x^8; the highest power of x is in bit 31 - power.
    int power = 1 << 23;
    for (long size = c.argument(1); size != 0; size >>>= 1) {
      if ((size & 1) != 0) {
        crc = multiply(crc, power, polynomial);
      }
      power = multiply(power, power, polynomial);
    }
    return crc;
  }

  private static int multiply(int a, int b, int polynomial) {
    int product = 0;
    int shifted = b;
    for (int bit = 31; bit >= 0; bit--) {
      product ^= ((a >>> bit) & 1) != 0 ? shifted : 0;
      shifted = step(shifted, polynomial);
    }
    return product;
  }

  private static int step(int crc, int polynomial) {
    return (crc >>> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
  }

  private static int[] reflected(int polynomial) {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = step(crc, polynomial);
      }
      table[i] = crc;
    }
    return table;
  }

  private static int[] forward(int polynomial, int width) {
    int[] table = new int[256];
    int top = 1 << (width - 1);
    for (int i = 0; i < 256; i++) {
      int crc = i << (width - 8);
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc << 1) ^ ((crc & top) != 0 ? polynomial : 0);
      }
      table[i] = width == 16 ? crc & 0xffff : crc;
    }
    return table;
  }

  private static byte[] shorts(int[] table) {
    byte[] bytes = new byte[512];
    for (int i = 0; i < 256; i++) {
      bytes[2 * i] = (byte) table[i];
      bytes[2 * i + 1] = (byte) (table[i] >>> 8);
    }
    return bytes;
  }

  private static long unsigned(int crc) {
    return crc & 0xffffffffL;
  }
}
