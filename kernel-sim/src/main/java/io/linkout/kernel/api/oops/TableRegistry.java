package io.linkout.kernel.api.oops;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which module's tables speak for an address: those of the module whose code lies there now. */
public final class TableRegistry {
  private final TableForms forms;
  private final Map<Long, ModuleTables> byId = new HashMap<>();
  private final TreeMap<Long, Map.Entry<CodeRange, ModuleTables>> byStart =
      new TreeMap<>(Long::compareUnsigned);

  /** A registry of tables as Linux 6.1 has them. */
  public TableRegistry() {
    this(TableForms.LINUX_6_1);
  }

  /** A registry of tables in {@code forms}. */
  public TableRegistry(TableForms forms) {
    this.forms = forms;
  }

  /** Returns how the tables are to be read. */
  public TableForms forms() {
    return forms;
  }

  /** Adds a module, or replaces what was known of it, such as when its init code goes. */
  public void put(ModuleTables tables) {
    remove(tables.loadId());
    byId.put(tables.loadId(), tables);
    for (CodeRange range : tables.code()) {
      byStart.put(range.start(), Map.entry(range, tables));
    }
  }

  /** Forgets a module; nothing happens if it is not known. */
  public void remove(long loadId) {
    ModuleTables old = byId.remove(loadId);
    if (old != null) {
      old.code().forEach(range -> byStart.remove(range.start()));
    }
  }

  /** Returns the tables of the module whose code {@code address} lies in, or null. */
  public @Nullable ModuleTables at(long address) {
    Map.Entry<Long, Map.Entry<CodeRange, ModuleTables>> entry = byStart.floorEntry(address);
    return entry != null && entry.getValue().getKey().contains(address)
        ? entry.getValue().getValue()
        : null;
  }
}
