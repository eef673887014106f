package io.linkout.cli;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.KernelSymbol;
import io.linkout.link.LoadedExports;
import io.linkout.link.ModuleFile;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LoadedModule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the modules of a kernel export that keeps no symbols: the modules as last listed, their
 * exports from their files, which are read as far as names ask for it. Between two whole lists only
 * the modules that came are asked for, so what is found may be of a module that has gone; nothing
 * that came is missed.
 */
final class ListedExports {
  private final KernelQueries queries;
  private final ModuleFiles files;

  /** By load id, never forgotten: a load id is never used again. */
  private final Map<Long, Map<String, KernelSymbol>> byLoad = new HashMap<>();

  /** What is said of each load whose file was not found. */
  private final Map<Long, String> lost = new HashMap<>();

  private final Map<Long, LoadedModule> listed = new HashMap<>();

  /** Listed, exporting something, and not looked into, in the order to do so. */
  private final Deque<LoadedModule> unread = new ArrayDeque<>();

  /** Exports of those that were looked into. */
  private final Map<String, KernelSymbol> index = new HashMap<>();

  /** Listed, exporting something, and their files are not found. */
  private final List<LoadedModule> unknown = new ArrayList<>();

  private long newest = -1;

  /** No list since this connection's last load, or since the kernel said that others came. */
  private boolean outdated = true;

  ListedExports(KernelQueries queries, ModuleFiles files) {
    this.queries = queries;
    this.files = files;
  }

  /** Lists all modules anew. */
  void list() {
    listed.clear();
    unread.clear();
    index.clear();
    unknown.clear();
    newest = 0;
    take(queries.modulesIfAny());
    outdated = false;
  }

  /**
   * Lists the modules that came since the last time, all at first.
   *
   * @return true if all were listed
   */
  boolean listNew() {
    if (newest < 0) {
      list();
      return true;
    }
    take(queries.modules(newest));
    outdated = false;
    return false;
  }

  /** Returns the highest load id that was listed; negative if nothing is listed. */
  long newest() {
    return newest;
  }

  /** Returns false if all that this connection can know of has been listed. */
  boolean outdated() {
    return outdated;
  }

  /** Modules came that are not listed. */
  void outdate() {
    outdated = true;
  }

  /** Has all listed the next time. */
  void forget() {
    newest = -1;
    outdated = true;
  }

  private void take(List<LoadedModule> newestFirst) {
    for (LoadedModule module : newestFirst.reversed()) {
      if (module.loadId() != 0) {
        listed.put(module.loadId(), module);
        if (module.exportCount() != 0) {
          unread.addFirst(module);
        }
        newest = Math.max(newest, module.loadId());
      }
    }
  }

  /**
   * Returns the export called {@code name}, or null.
   *
   * @param coming if not, only of modules that were live when they were listed
   */
  @Nullable KernelSymbol find(String name, boolean coming) {
    while (true) {
      KernelSymbol symbol = index.get(name);
      if (symbol != null) {
        LoadedModule owner = listed.get(symbol.ownerLoadId());
        boolean usable = coming || (owner != null && owner.state() == LoadedModule.State.LIVE);
        return usable ? symbol : null;
      }
      LoadedModule next = unread.poll();
      if (next == null) {
        return null;
      }
      Map<String, KernelSymbol> exports = of(next);
      if (exports == null) {
        unknown.add(next);
      } else {
        for (KernelSymbol export : exports.values()) {
          index.putIfAbsent(export.name(), export);
        }
      }
    }
  }

  /**
   * Returns the modules that export something and whose files were looked for in vain, as far as
   * names asked for it.
   *
   * @param coming if not, only those that were live when they were listed
   */
  List<LoadedModule> unknown(boolean coming) {
    List<LoadedModule> some = new ArrayList<>();
    for (LoadedModule module : unknown) {
      if (coming || module.state() == LoadedModule.State.LIVE) {
        some.add(module);
      }
    }
    return some;
  }

  /** Takes the exports of load {@code loadId} as they are, so that its file is not read. */
  void loaded(long loadId, Map<String, KernelSymbol> exports) {
    byLoad.put(loadId, exports);
    outdated = true;
  }

  /** Returns what {@code module} exports, or null if its file is not found. */
  @Nullable Map<String, KernelSymbol> of(LoadedModule module) {
    Map<String, KernelSymbol> known = byLoad.get(module.loadId());
    if (known != null || lost.containsKey(module.loadId())) {
      return known;
    }
    List<String> others = new ArrayList<>();
    try (ModuleFile file = files.open(module, others)) {
      if (file != null) {
        known = LoadedExports.of(file, ModuleFiles.bases(module), module.name(), module.loadId());
        byLoad.put(module.loadId(), known);
        return known;
      }
    } catch (MalformedElfException e) {
      others.add(e.reason());
    }
    lost.put(module.loadId(), ModuleFiles.missing(module, others));
    return null;
  }

  /** Returns why the file of {@code module} is not found. */
  String reason(LoadedModule module) {
    return String.valueOf(lost.get(module.loadId()));
  }
}
