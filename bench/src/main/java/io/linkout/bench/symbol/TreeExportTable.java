package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An export table as a sorted tree of names, and a sorted array of addresses for each owner. Plain
 * and uncompressed.
 *
 * <p>Names are ASCII, so that the order of strings is that of bytes.
 */
public final class TreeExportTable implements ExportTable {
  /**
   * Bytes of one entry beside its name: a tree node (40), the record (40), the string and the
   * header of its array (24 + 16), a boxed CRC (16) and the slot in the array by address (4), as a
   * 64-bit JVM with compressed references lays them out.
   */
  static final int ENTRY_BYTES = 40 + 40 + 24 + 16 + 16 + 4;

  private static final Comparator<ExportedSymbol> BY_ADDRESS =
      Comparator.comparing(ExportedSymbol::address, Long::compareUnsigned)
          .thenComparing(ExportedSymbol::name);

  private final TreeMap<String, ExportedSymbol> byName = new TreeMap<>();
  private final Map<Long, List<ExportedSymbol>> byOwner = new HashMap<>();
  private long bytes;

  @Override
  public void add(Collection<ExportedSymbol> exports) {
    Set<String> names = new HashSet<>();
    for (ExportedSymbol export : exports) {
      if (byName.containsKey(export.name()) || !names.add(export.name())) {
        throw new IllegalArgumentException("export " + export.name() + " is there already");
      }
    }
    for (ExportedSymbol export : exports) {
      byName.put(export.name(), export);
      byOwner.computeIfAbsent(export.owner(), o -> new ArrayList<>()).add(export);
      bytes += bytesOf(export);
    }
    exports.stream()
        .map(ExportedSymbol::owner)
        .distinct()
        .map(byOwner::get)
        .forEach(list -> list.sort(BY_ADDRESS));
  }

  @Override
  public List<ExportedSymbol> of(long owner) {
    List<ExportedSymbol> exports = new ArrayList<>(byOwner.getOrDefault(owner, List.of()));
    exports.sort(Comparator.comparing(ExportedSymbol::name));
    return exports;
  }

  @Override
  public List<ExportedSymbol> removeAll(long owner) {
    List<ExportedSymbol> exports = byOwner.remove(owner);
    if (exports == null) {
      return List.of();
    } else {
      for (ExportedSymbol export : exports) {
        byName.remove(export.name());
        bytes -= bytesOf(export);
      }
      exports.sort(Comparator.comparing(ExportedSymbol::name));
      return exports;
    }
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    return byName.get(name);
  }

  @Override
  public @Nullable ExportedSymbol atOrBelow(long address, long owner) {
    List<ExportedSymbol> exports = byOwner.getOrDefault(owner, List.of());
    int low = 0;
    int high = exports.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(exports.get(middle).address(), address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return null;
    }
    int found = low - 1;
    long place = exports.get(found).address();
    while (found > 0 && exports.get(found - 1).address() == place) {
      found--;
    }
    return exports.get(found);
  }

  @Override
  public List<@Nullable ExportedSymbol> atOrBelow(long[] addresses, long owner) {
    List<@Nullable ExportedSymbol> found = new ArrayList<>(addresses.length);
    for (long address : addresses) {
      found.add(atOrBelow(address, owner));
    }
    return found;
  }

  @Override
  public Iterator<ExportedSymbol> after(String name) {
    return byName.tailMap(name, false).values().iterator();
  }

  @Override
  public int size() {
    return byName.size();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  private static long bytesOf(ExportedSymbol export) {
    return ENTRY_BYTES + (export.name().length() + 7L & ~7L);
  }
}
