package io.linkout.kernel.module;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a module exports, kept once: in the export table while the module is live, else apart from
 * it. Changed by the event loop; any thread may ask for names.
 */
final class ModuleExports implements LoadImage.ExportNames {
  private final ExportTable table;
  private final long owner;
  private volatile @Nullable List<ExportedSymbol> apart;

  /** Exports of {@code owner} that are not in {@code table} yet. */
  ModuleExports(ExportTable table, long owner, List<ExportedSymbol> exports) {
    this.table = table;
    this.owner = owner;
    this.apart = exports;
  }

  /** Puts them into the table: from here on they can be linked to. */
  void publish() {
    List<ExportedSymbol> exports = apart;
    if (exports != null) {
      table.add(exports);
      apart = null;
    }
  }

  /** Takes them out of the table. */
  void withdraw() {
    if (apart == null) {
      // Kept before they leave the table, so that whoever names an address finds them all along.
      apart = table.of(owner);
      table.removeAll(owner);
    }
  }

  /** Returns them all, by name once they were in the table. */
  List<ExportedSymbol> all() {
    List<ExportedSymbol> exports = apart;
    return exports == null ? table.of(owner) : exports;
  }

  @Override
  public @Nullable String at(long address) {
    List<ExportedSymbol> exports = apart;
    if (exports == null) {
      ExportedSymbol symbol = table.atOrBelow(address, owner);
      if (symbol != null) {
        return symbol.address() == address ? symbol.name() : null;
      }
      // Withdrawn in between: then they were kept before.
      exports = apart;
    }
    if (exports != null) {
      for (ExportedSymbol export : exports) {
        if (export.address() == address) {
          return export.name();
        }
      }
    }
    return null;
  }
}
