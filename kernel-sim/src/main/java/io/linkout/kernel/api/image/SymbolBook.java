package io.linkout.kernel.api.image;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The names of what the kernel provides, both ways. */
public final class SymbolBook {
  private final Map<String, ProvidedSymbol> byName = new LinkedHashMap<>();
  private final TreeMap<Long, ProvidedSymbol> byAddress = new TreeMap<>(Long::compareUnsigned);

  /**
   * Adds a symbol.
   *
   * @throws IllegalStateException if its name is taken: two groups of functions supply it
   */
  public void add(ProvidedSymbol symbol) {
    if (byName.put(symbol.name(), symbol) != null) {
      throw new IllegalStateException(symbol.name() + " is provided twice");
    }
    if (!symbol.perCpu()) {
      byAddress.putIfAbsent(symbol.address(), symbol);
    }
  }

  /** Returns all symbols in the order they were added. */
  public Collection<ProvidedSymbol> all() {
    return byName.values();
  }

  /** Returns the symbol called {@code name}, if it is provided. */
  public Optional<ProvidedSymbol> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * Returns the address of {@code name}.
   *
   * @throws IllegalStateException if it is not provided: it must be declared first
   */
  public long address(String name) {
    return named(name)
        .orElseThrow(() -> new IllegalStateException(name + " is not provided"))
        .address();
  }

  /** Returns the symbol that guest address {@code address} lies in, if any. */
  public Optional<ProvidedSymbol> at(long address) {
    Map.Entry<Long, ProvidedSymbol> entry = byAddress.floorEntry(address);
    return entry != null && address - entry.getKey() < Math.max(entry.getValue().size(), 1)
        ? Optional.of(entry.getValue())
        : Optional.empty();
  }
}
