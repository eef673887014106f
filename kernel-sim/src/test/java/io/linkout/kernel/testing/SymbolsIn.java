package io.linkout.kernel.testing;

import io.linkout.kernel.symbol.AddressRegions;
import io.linkout.kernel.symbol.CompressedExportTable;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import io.linkout.kernel.symbol.NoExports;
import java.util.List;

/** Where a kernel's symbols are: tests of what is the same in both run once with each. */
public enum SymbolsIn {
  /** In its export table. */
  KERNEL,
  /** With its clients, which tell it no exports. */
  USERSPACE;

  /** Returns the table of a kernel that has booted {@link FakeGuest}. */
  public ExportTable table() {
    if (this == USERSPACE) {
      return new NoExports();
    }
    ExportTable table = new CompressedExportTable(new AddressRegions(List.of()));
    table.add(
        FakeGuest.EXPORTS.stream()
            .map(
                e ->
                    new ExportedSymbol(
                        e.name(), e.address(), e.crc(), e.gplOnly(), e.namespace(), 0))
            .toList());
    return table;
  }
}
