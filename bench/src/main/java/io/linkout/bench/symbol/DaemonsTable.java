package io.linkout.bench.symbol;

import io.linkout.kernel.SymbolRegions;
import io.linkout.kernel.symbol.CompressedExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the daemon has, with blocks of its size or of another. */
final class DaemonsTable implements Design {
  private static final int LEAF_BITS = 7;

  private final CompressedExportTable table;

  DaemonsTable(int block) {
    table = new CompressedExportTable(SymbolRegions.OF_X86_64, block, LEAF_BITS);
  }

  @Override
  public void add(List<ExportedSymbol> exports) {
    table.add(exports);
    table.pack();
  }

  @Override
  public void remove(long owner) {
    table.removeAll(owner);
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    return table.find(name);
  }

  @Override
  public void each(Consumer<ExportedSymbol> to) {
    table.after("").forEachRemaining(to);
  }

  @Override
  public Object kept() {
    return table;
  }
}
