package io.linkout.kernel.api.text;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Exported data whose content never changes: read-only bytes by symbol name (release 6.1). */
public final class ConstantTables {
  private ConstantTables() {}

  /** Returns the bytes of each symbol; the GPL-only one is byte_rev_table. */
  public static Map<String, byte[]> all() {
    return Map.of(
        "_ctype", CType.table(),
        "hex_asc", text("0123456789abcdef"),
        "hex_asc_upper", text("0123456789ABCDEF"),
        "byte_rev_table", reversedBits(),
        "crc_ccitt_table", ChecksumFunctions.ccittTable(),
        "crc_ccitt_false_table", ChecksumFunctions.ccittFalseTable(),
        "guid_null", new byte[16],
        "uuid_null", new byte[16]);
  }

  private static byte[] text(String digits) {
    return (digits + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] reversedBits() {
    byte[] table = new byte[256];
    for (int i = 0; i < 256; i++) {
      table[i] = (byte) (Integer.reverse(i) >>> 24);
    }
    return table;
  }
}
