package io.linkout.kernel.module;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * All modules that are more than a handle, and the export table, which always holds exactly the
 * exports of the kernel and of the live ones.
 */
public final class ModuleTable {
  private final ExportTable exports;
  private final SequencedMap<String, LoadedModule> byName = new LinkedHashMap<>();
  private final Map<Long, LoadedModule> byLoadId = new HashMap<>();
  private final Map<String, LoadedModule> comingExports = new HashMap<>();
  private long nextLoadId = 1;

  /** An empty table over {@code exports}, which holds the kernel's own by now. */
  public ModuleTable(ExportTable exports) {
    this.exports = exports;
  }

  /** Returns the exports of the kernel and of live modules. */
  public ExportTable exports() {
    return exports;
  }

  /** Returns the module called {@code name}, in whatever state, or null; dashes are underscores. */
  public @Nullable LoadedModule find(String name) {
    return byName.get(canonical(name));
  }

  /** Returns the module with that load id, in whatever state, or null. */
  public @Nullable LoadedModule find(long loadId) {
    return byLoadId.get(loadId);
  }

  /** Returns all modules, newest first. */
  public List<LoadedModule> newestFirst() {
    return new ArrayList<>(byName.values()).reversed();
  }

  /** Returns whether a module that exports something, in whatever state, came after that load. */
  boolean exporterSince(long loadId) {
    for (LoadedModule module : byName.sequencedValues().reversed()) {
      if (Long.compareUnsigned(module.loadId(), loadId) <= 0) {
        // They stand in the order they came.
        return false;
      }
      if (module.facts().exportCount() != 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns how many modules there are, in whatever state. */
  public int count() {
    return byName.size();
  }

  /** Returns the module one of whose segments holds guest address {@code address}, or null. */
  public @Nullable LoadedModule at(long address) {
    if (!GuestLayout.within(address, GuestLayout.MODULES, GuestLayout.MODULES_END)) {
      return null;
    }
    for (LoadedModule module : byName.values()) {
      for (PlacedSegment segment : module.segments()) {
        if (segment.contains(address, 1)) {
          return module;
        }
      }
    }
    return null;
  }

  /** Returns {@code name} as module names are compared: with underscores for dashes. */
  public static String canonical(String name) {
    return name.replace('-', '_');
  }

  /** Guest code took or gave back references; a module that is gone by now is passed over. */
  public void guestReference(long loadId, int delta) {
    LoadedModule module = byLoadId.get(loadId);
    if (module != null) {
      module.guestReference(delta);
    }
  }

  /** Returns who has or will have an export called {@code name}: a module, or null for none. */
  @Nullable String exporter(String name) {
    ExportedSymbol there = exports.find(name);
    if (there != null) {
      LoadedModule module = byLoadId.get(there.owner());
      return module == null ? "kernel" : module.name();
    }
    LoadedModule coming = comingExports.get(name);
    return coming == null ? null : coming.name();
  }

  /** Returns the load id the next module gets. */
  long takeLoadId() {
    return nextLoadId++;
  }

  /** From here on its name and its exports' names are taken and its dependencies are held. */
  void addComing(LoadedModule module) {
    byName.put(module.name(), module);
    byLoadId.put(module.loadId(), module);
    module.exports().all().forEach(e -> comingExports.put(e.name(), module));
    module.dependencies().forEach(d -> d.addHolder(module));
  }

  /** From here on it may be linked to. */
  void publish(LoadedModule module) {
    module.exports().all().forEach(e -> comingExports.remove(e.name()));
    module.exports().publish();
    module.state(ModuleState.LIVE);
  }

  /** From here on it cannot be linked to; its exports' names stay taken. */
  void withdraw(LoadedModule module) {
    module.exports().withdraw();
    module.exports().all().forEach(e -> comingExports.put(e.name(), module));
    module.state(ModuleState.GOING);
  }

  /** Its load broke off: it cannot be linked to, and its exports' names stay taken. */
  void strand(LoadedModule module) {
    module.state(ModuleState.GOING);
    module.died(Death.LOAD);
  }

  /** From here on it is not there. It is not live: see {@link #withdraw}. */
  void remove(LoadedModule module) {
    byName.remove(module.name());
    byLoadId.remove(module.loadId());
    module.exports().all().forEach(e -> comingExports.remove(e.name()));
    module.dependencies().forEach(d -> d.removeHolder(module));
  }

  /** Returns all modules in no particular order. */
  Collection<LoadedModule> all() {
    return byName.values();
  }
}
