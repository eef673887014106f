package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A hash map of records, and for the order a list of them that is sorted when it is asked for. */
final class MapDesign implements SymbolDesign {
  private final Map<String, ExportedSymbol> map = new HashMap<>();

  MapDesign(List<ExportedSymbol> exports) {
    add(exports);
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    return map.get(name);
  }

  @Override
  public long sum() {
    List<ExportedSymbol> sorted = new ArrayList<>(map.values());
    sorted.sort(Comparator.comparing(ExportedSymbol::name));
    long sum = 0;
    for (ExportedSymbol export : sorted) {
      sum += export.address();
    }
    return sum;
  }

  @Override
  public void add(List<ExportedSymbol> exports) {
    for (ExportedSymbol export : exports) {
      map.put(export.name(), export);
    }
  }

  @Override
  public void removeAll(long owner) {
    map.values().removeIf(export -> export.owner() == owner);
  }

  @Override
  public Object root() {
    return map;
  }
}
