package io.linkout.kernel.api.image;

import io.linkout.kernel.api.KernelExport.Behaviour;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names of what the kernel provides, both ways while it is put together; from then on by
 * address only, for traces and calls from outside. Not all of it is exported. The names are
 * literals of the classes that declare them.
 */
public final class SymbolBook {
  /** A symbol's name, empty if names are not kept, and where it is: guest address and bytes. */
  public record Place(String name, long address, long size, Behaviour behaviour) {}

  private Map<String, ProvidedSymbol> byName = new LinkedHashMap<>();

  /** From sealing on, sorted by address; the three others go with them. */
  private long[] addresses = new long[0];

  private int[] sizes = new int[0];
  private Behaviour[] behaviours = new Behaviour[0];
  private String[] names = new String[0];

  /**
   * Adds a symbol.
   *
   * @throws IllegalStateException if its name is taken: two groups of functions supply it
   */
  public void add(ProvidedSymbol symbol) {
    if (byName.put(symbol.name(), symbol) != null) {
      throw new IllegalStateException(symbol.name() + " is provided twice");
    }
  }

  /** Returns all symbols in the order they were added; none once sealed. */
  public Collection<ProvidedSymbol> all() {
    return byName.values();
  }

  /** Returns the symbol called {@code name}, if it is provided and this is not sealed. */
  public Optional<ProvidedSymbol> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * Returns the address of {@code name}.
   *
   * @throws IllegalStateException if it is not provided: it must be declared first; or if this is
   *     sealed
   */
  public long address(String name) {
    return named(name)
        .orElseThrow(() -> new IllegalStateException(name + " is not provided"))
        .address();
  }

  /** Forgets all but what {@link #at} tells, and of that the names unless they are to be kept. */
  void seal(boolean keepNames) {
    ProvidedSymbol[] symbols =
        byName.values().stream().filter(s -> !s.perCpu()).toArray(ProvidedSymbol[]::new);
    byName = Map.of();
    // Stable: of two names of one address the one that was added first comes first.
    java.util.Arrays.sort(symbols, (a, b) -> Long.compareUnsigned(a.address(), b.address()));
    addresses = new long[symbols.length];
    sizes = new int[symbols.length];
    behaviours = new Behaviour[symbols.length];
    names = new String[symbols.length];
    for (int i = 0; i < symbols.length; i++) {
      addresses[i] = symbols[i].address();
      sizes[i] = Math.toIntExact(symbols[i].size());
      behaviours[i] = symbols[i].behaviour();
      names[i] = keepNames ? symbols[i].name() : "";
    }
  }

  /** Returns the symbol that guest address {@code address} lies in, if any and once sealed. */
  public Optional<Place> at(long address) {
    int low = 0;
    int high = addresses.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(addresses[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int found = low - 1;
    while (found > 0 && addresses[found - 1] == addresses[found]) {
      found--;
    }
    return found >= 0 && address - addresses[found] < Math.max(sizes[found], 1)
        ? Optional.of(new Place(names[found], addresses[found], sizes[found], behaviours[found]))
        : Optional.empty();
  }
}
