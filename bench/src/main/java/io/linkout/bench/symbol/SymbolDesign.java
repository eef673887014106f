package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to keep a kernel's exports. All its facts can be had back; what JOL finds is its size. */
interface SymbolDesign {
  /** Returns the export called {@code name}, or null. */
  @Nullable ExportedSymbol find(String name);

  /** Goes over all exports by name in byte order and returns the sum of their addresses. */
  long sum();

  /** Adds {@code exports}, all of one owner, none there before. */
  default void add(List<ExportedSymbol> exports) {
    throw new UnsupportedOperationException("made once, as a whole");
  }

  /** Removes the exports of {@code owner}. */
  default void removeAll(long owner) {
    throw new UnsupportedOperationException("made once, as a whole");
  }

  /** Returns what holds the exports, and nothing else, for JOL. */
  Object root();
}
