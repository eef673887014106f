package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of sorted exports beside their names: 9 bytes each, and 2 for the owner if there
 * are several.
 */
final class Facts {
  private static final int GPL_ONLY = 1;
  private static final int HAS_CRC = 2;
  private static final int NAMESPACE = 2;

  /** Kernel and module addresses are the last 2 GiB, per-CPU offsets the first: sign-extended. */
  private final int[] addresses;

  private final int[] crcs;
  private final byte[] flags;
  private final String[] namespaces;
  private final char[] owners;
  private final long[] owner;

  private Facts(List<ExportedSymbol> exports, List<String> namespaces, List<Long> owner) {
    addresses = new int[exports.size()];
    crcs = new int[exports.size()];
    flags = new byte[exports.size()];
    owners = new char[owner.size() > 1 ? exports.size() : 0];
    this.namespaces = namespaces.toArray(new String[0]);
    this.owner = new long[owner.size()];
    for (int i = 0; i < this.owner.length; i++) {
      this.owner[i] = owner.get(i);
    }
  }

  /**
   * Returns those of {@code exports}.
   *
   * @throws IllegalArgumentException if they have more than 64 namespaces, or an address does not
   *     fit
   */
  static Facts of(List<ExportedSymbol> exports) {
    List<String> namespaces = exports.stream().map(ExportedSymbol::namespace).distinct().toList();
    List<Long> owners =
        new ArrayList<>(exports.stream().map(ExportedSymbol::owner).sorted().distinct().toList());
    if (namespaces.size() > 1 << (8 - NAMESPACE)) {
      throw new IllegalArgumentException(namespaces.size() + " namespaces");
    }
    Facts facts = new Facts(exports, namespaces, owners);
    for (int i = 0; i < exports.size(); i++) {
      ExportedSymbol export = exports.get(i);
      Integer crc = export.crc();
      facts.addresses[i] = (int) export.address();
      if (facts.addresses[i] != export.address()) {
        throw new IllegalArgumentException(export + " lies elsewhere");
      }
      facts.crcs[i] = crc == null ? 0 : crc;
      facts.flags[i] =
          (byte)
              ((export.gplOnly() ? GPL_ONLY : 0)
                  | (crc == null ? 0 : HAS_CRC)
                  | namespaces.indexOf(export.namespace()) << NAMESPACE);
      if (facts.owners.length > 0) {
        facts.owners[i] = (char) java.util.Collections.binarySearch(owners, export.owner());
      }
    }
    return facts;
  }

  /** Returns export {@code number}, which is called {@code name}. */
  ExportedSymbol of(int number, String name) {
    int flag = flags[number] & 0xff;
    return new ExportedSymbol(
        name,
        addresses[number],
        (flag & HAS_CRC) == 0 ? null : (Integer) crcs[number],
        (flag & GPL_ONLY) != 0,
        namespaces[flag >> NAMESPACE],
        owner[owners.length == 0 ? 0 : owners[number]]);
  }
}
