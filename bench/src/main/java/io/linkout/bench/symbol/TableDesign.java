package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An export table that a kernel could have. */
record TableDesign(ExportTable table) implements SymbolDesign {
  @Override
  public @Nullable ExportedSymbol find(String name) {
    return table.find(name);
  }

  @Override
  public long sum() {
    long sum = 0;
    for (Iterator<ExportedSymbol> all = table.after(""); all.hasNext(); ) {
      sum += all.next().address();
    }
    return sum;
  }

  @Override
  public void add(List<ExportedSymbol> exports) {
    table.add(exports);
  }

  @Override
  public void removeAll(long owner) {
    table.removeAll(owner);
  }

  @Override
  public Object root() {
    return table;
  }
}
