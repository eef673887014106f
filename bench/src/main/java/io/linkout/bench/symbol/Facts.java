package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.ArrayList;
import java.util.List;

/**
 * All of exports but their names, in arrays: 4 bytes of address (all lie within 4 GiB), 4 of CRC
 * and one of the rest. Linux's {@code struct kernel_symbol} and CRC take 12 and 4.
 */
final class Facts {
  private static final long BASE = 0xffffffff00000000L;

  private final int[] addresses;
  private final int[] crcs;

  /** Bit 0: has a CRC; bit 1: GPL only; the others: number of the namespace. */
  private final byte[] rest;

  private final String[] namespaces;

  Facts(List<ExportedSymbol> exports) {
    int count = exports.size();
    addresses = new int[count];
    crcs = new int[count];
    rest = new byte[count];
    List<String> known = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ExportedSymbol export = exports.get(i);
      addresses[i] = (int) (export.address() - BASE);
      Integer crc = export.crc();
      crcs[i] = crc == null ? 0 : crc;
      int namespace = known.indexOf(export.namespace());
      if (namespace < 0) {
        namespace = known.size();
        known.add(export.namespace());
      }
      rest[i] = (byte) ((crc == null ? 0 : 1) | (export.gplOnly() ? 2 : 0) | namespace << 2);
    }
    namespaces = known.toArray(String[]::new);
  }

  long address(int index) {
    return BASE + Integer.toUnsignedLong(addresses[index]);
  }

  ExportedSymbol of(int index, String name) {
    int bits = rest[index];
    return new ExportedSymbol(
        name,
        address(index),
        (bits & 1) == 0 ? null : (Integer) crcs[index],
        (bits & 2) != 0,
        namespaces[(bits & 0xff) >> 2],
        0);
  }
}
