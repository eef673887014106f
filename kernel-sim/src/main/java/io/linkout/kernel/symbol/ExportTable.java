package io.linkout.kernel.symbol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All exported symbols of the kernel and of live modules. Names are distinct. A module's exports
 * come and go as one step: no one sees some of them.
 */
public interface ExportTable {
  /**
   * Adds the exports of one owner.
   *
   * @throws IllegalArgumentException if a name is there already, or cannot be written as UTF-8;
   *     nothing was added then
   */
  void add(Collection<ExportedSymbol> exports);

  /** Puts what was added last into the least memory; changes nothing else. */
  default void pack() {}

  /** Returns all exports of {@code owner}, a load id, by name. */
  List<ExportedSymbol> of(long owner);

  /** Removes all exports of {@code owner}, a load id, and returns them by name. */
  List<ExportedSymbol> removeAll(long owner);

  /** Returns the export called {@code name}, or null. */
  @Nullable ExportedSymbol find(String name);

  /**
   * Returns the export of {@code owner} with the highest address that is not above {@code address},
   * unsigned, or null. Of several at one address the first by name.
   */
  @Nullable ExportedSymbol atOrBelow(long address, long owner);

  /**
   * Returns what {@link #atOrBelow(long, long)} returns for each of {@code addresses}, in one go
   * through the table.
   */
  List<@Nullable ExportedSymbol> atOrBelow(long[] addresses, long owner);

  /** Returns the exports called {@code names}, in their order, null for each that is not there. */
  default List<@Nullable ExportedSymbol> findAll(Collection<String> names) {
    List<@Nullable ExportedSymbol> found = new ArrayList<>(names.size());
    for (String name : names) {
      found.add(find(name));
    }
    return found;
  }

  /** Returns all exports by name in byte order, from the first name after {@code name} on. */
  Iterator<ExportedSymbol> after(String name);

  /** Returns false if no export is kept here whatever is added: clients know where to look. */
  default boolean keeps() {
    return true;
  }

  /** Returns how many exports there are. */
  int size();

  /** Returns how many bytes of memory the table takes, all in, once it is packed. */
  long bytes();
}
