package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A way to keep exports: the same facts of each, the same questions. Names are ASCII, so that the
 * order of strings is that of bytes.
 */
interface Design {
  /** Exports by name. */
  Comparator<ExportedSymbol> BY_NAME = Comparator.comparing(ExportedSymbol::name);

  /**
   * Returns an empty table.
   *
   * @param name {@code ours}, {@code hash}, {@code tree}, {@code sorted} or {@code front}; the
   *     first and the last end in {@code -} and the exports of a block
   * @throws IllegalArgumentException if there is none of that name
   */
  static Design called(String name) {
    int dash = name.indexOf('-');
    String kind = dash < 0 ? name : name.substring(0, dash);
    int block = dash < 0 ? 0 : Integer.parseInt(name.substring(dash + 1));
    return switch (kind) {
      case "ours" -> new DaemonsTable(block);
      case "hash" -> MapTable.hash();
      case "tree" -> MapTable.tree();
      case "sorted" -> new SortedTable(SortedNames::of);
      case "front" -> new SortedTable(names -> FrontCodedNames.of(names, block));
      default -> throw new IllegalArgumentException("no design called " + name);
    };
  }

  /** Adds exports whose names are not there yet, sorted by name. */
  void add(List<ExportedSymbol> exports);

  /** Removes the exports of {@code owner}. */
  void remove(long owner);

  /** Returns the export called {@code name}, or null. */
  @Nullable ExportedSymbol find(String name);

  /** Hands all exports to {@code to}, by name. */
  void each(Consumer<ExportedSymbol> to);

  /** Returns what is to be measured: it refers to all that is kept and to nothing else. */
  Object kept();
}
