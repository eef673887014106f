package io.linkout.cli;

import static io.linkout.rpc.KernelConnection.NO_LISTING;

import io.linkout.link.Activation;
import io.linkout.link.Kernel;
import io.linkout.link.KernelSymbol;
import io.linkout.link.ModuleExport;
import io.linkout.link.SymbolMap;
import io.linkout.link.UnknownExports;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LoadedModule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exports of a kernel that keeps no symbols: its own from the map it wrote at start, modules'
 * from their files, found by build id, and the addresses of their segments.
 */
final class FileSymbols implements Symbols {
  private final KernelConnection connection;
  private final KernelQueries queries;
  private final ListedExports modules;
  private final ModuleFiles files;
  private @Nullable SymbolMap map;

  /** Symbols by way of {@code connection}, which stays the caller's, and from {@code files}. */
  FileSymbols(KernelConnection connection, ModuleFiles files) {
    this.connection = connection;
    this.files = files;
    this.queries = new KernelQueries(connection);
    this.modules = new ListedExports(queries, files);
  }

  /**
   * {@inheritDoc}
   *
   * @throws Failure if one is not found and a module is loaded whose file, which might have it, is
   *     not found either
   */
  @Override
  public List<@Nullable KernelSymbol> find(List<String> names) {
    List<@Nullable KernelSymbol> found = usable(names);
    UnknownExports unknown = unknown();
    if (!unknown.isEmpty()) {
      List<String> unmet = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        if (found.get(i) == null) {
          unmet.add(names.get(i));
        }
      }
      if (!unmet.isEmpty()) {
        throw missing(
            "unknown symbol " + String.join(", ", unmet) + ": it may be that of " + unknown.names(),
            unknown);
      }
    }
    return found;
  }

  /** Returns one entry for each of {@code names}, null where no module that is known has it. */
  List<@Nullable KernelSymbol> usable(List<String> names) {
    SymbolMap ofKernel = map();
    List<@Nullable KernelSymbol> found = new ArrayList<>(names.size());
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      KernelSymbol symbol = ofKernel.find(names.get(i));
      found.add(symbol);
      if (symbol == null) {
        open.add(i);
      }
    }
    if (!open.isEmpty()) {
      boolean all = modules.listNew();
      boolean met = look(names, open, found);
      // A module listed before may have gone live, or gone: nothing is refused before all are
      // listed.
      if (!all && !met) {
        modules.list();
        look(names, open, found);
      }
    }
    return found;
  }

  /** Looks in modules for those of {@code names} that are {@code open}; returns if all are met. */
  private boolean look(List<String> names, List<Integer> open, List<@Nullable KernelSymbol> found) {
    boolean met = true;
    for (int i : open) {
      KernelSymbol symbol = modules.find(names.get(i), false);
      found.set(i, symbol);
      met &= symbol != null;
    }
    return met;
  }

  /** Returns the live modules that {@link #usable} could not look into, if it missed a name. */
  UnknownExports unknown() {
    return unknown(modules.unknown(false));
  }

  /**
   * What exports one of some names already.
   *
   * @param symbol the first that was found, or null
   * @param unknown modules that may do so too, for all that is known
   * @param upTo highest load id of the modules that were looked at
   */
  record Taken(@Nullable KernelSymbol symbol, UnknownExports unknown, long upTo) {}

  /**
   * Looks for who exports one of {@code names} already, modules that are not live yet or no more
   * included, but for the one called {@code self}.
   */
  Taken taken(List<String> names, String self) {
    SymbolMap ofKernel = map();
    for (String name : names) {
      KernelSymbol symbol = ofKernel.find(name);
      if (symbol != null) {
        return new Taken(symbol, UnknownExports.NONE, 0);
      }
    }
    boolean all = modules.outdated() && modules.listNew();
    Taken taken = takenByModules(names, self);
    if (!all && (taken.symbol != null || !taken.unknown.isEmpty())) {
      // It may have gone since it was listed.
      modules.list();
      taken = takenByModules(names, self);
    }
    return taken;
  }

  private Taken takenByModules(List<String> names, String self) {
    KernelSymbol there = null;
    for (String name : names) {
      KernelSymbol symbol = modules.find(name, true);
      if (there == null && symbol != null && !symbol.owner().equals(self)) {
        there = symbol;
      }
    }
    UnknownExports unknown = unknown(modules.unknown(true)).without(self);
    return new Taken(there, unknown, modules.newest());
  }

  /** Returns which listing is to be announced with a load, for {@link KernelConnection}. */
  long listingWith(boolean exports) {
    return exports && modules.outdated() ? Math.max(0, modules.newest()) : NO_LISTING;
  }

  /**
   * Returns the same for a load that is announced while another is made live: whatever that or
   * others export may be needed.
   */
  long listingAhead(boolean exports) {
    return exports || modules.newest() >= 0 ? Math.max(0, modules.newest()) : NO_LISTING;
  }

  /** Modules came that were not looked at. */
  void outdate() {
    modules.outdate();
  }

  /** What was found may be of a module that has gone since: all are listed the next time. */
  void forget() {
    modules.forget();
  }

  /** {@code activation} was made live as {@code loadId}. */
  void loaded(Activation activation, long loadId) {
    Map<String, KernelSymbol> exports = new HashMap<>();
    for (ModuleExport export : activation.exports()) {
      exports.put(
          export.name(),
          new KernelSymbol(
              export.name(),
              export.address(),
              export.crc(),
              export.gplOnly(),
              export.namespace(),
              activation.name(),
              loadId));
    }
    modules.loaded(loadId, exports);
  }

  @Override
  public List<KernelSymbol> all() {
    List<KernelSymbol> all = map().all();
    for (LoadedModule module : queries.modulesIfAny()) {
      if (module.state() == LoadedModule.State.LIVE && module.exportCount() != 0) {
        Map<String, KernelSymbol> exports = modules.of(module);
        if (exports == null) {
          UnknownExports unknown = unknown(List.of(module));
          throw missing(
              "the file of " + unknown.names() + ", which has exports, is missing", unknown);
        }
        all.addAll(exports.values());
      }
    }
    all.sort((a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b)));
    return all;
  }

  private static byte[] bytes(KernelSymbol symbol) {
    return symbol.name().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Kernel kernel() {
    return new UserspaceKernel(connection, this);
  }

  private UnknownExports unknown(List<LoadedModule> modules) {
    if (modules.isEmpty()) {
      return UnknownExports.NONE;
    }
    List<UnknownExports.Module> unknown = new ArrayList<>();
    for (LoadedModule module : modules) {
      unknown.add(new UnknownExports.Module(module.name(), this.modules.reason(module)));
    }
    return new UnknownExports(unknown, files.advice());
  }

  private static Failure missing(String what, UnknownExports unknown) {
    return new Failure(what, unknown.lines());
  }

  private SymbolMap map() {
    SymbolMap known = map;
    if (known == null) {
      known = Symbols.mapOf(connection);
      if (known == null) {
        throw new IllegalStateException("the kernel keeps its symbols");
      }
      map = known;
    }
    return known;
  }
}
