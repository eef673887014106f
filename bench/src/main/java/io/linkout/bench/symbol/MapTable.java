package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A map of the JDK from names to objects: the least work to write. */
final class MapTable implements Design {
  private final Map<String, ExportedSymbol> map;
  private final boolean ordered;

  private MapTable(Map<String, ExportedSymbol> map, boolean ordered) {
    this.map = map;
    this.ordered = ordered;
  }

  /** Returns one that hashes, and sorts when asked for an order. */
  static MapTable hash() {
    return new MapTable(new HashMap<>(), false);
  }

  /** Returns a red-black tree. */
  static MapTable tree() {
    return new MapTable(new TreeMap<>(), true);
  }

  @Override
  public void add(List<ExportedSymbol> exports) {
    for (ExportedSymbol export : exports) {
      map.put(export.name(), export);
    }
  }

  @Override
  public void remove(long owner) {
    map.values().removeIf(export -> export.owner() == owner);
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    return map.get(name);
  }

  @Override
  public void each(Consumer<ExportedSymbol> to) {
    if (ordered) {
      map.values().forEach(to);
    } else {
      List<ExportedSymbol> all = new ArrayList<>(map.values());
      all.sort(BY_NAME);
      all.forEach(to);
    }
  }

  @Override
  public Object kept() {
    return map;
  }
}
