package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.link.Activation;
import io.linkout.link.Kernel;
import io.linkout.link.KernelException;
import io.linkout.link.KernelSymbol;
import io.linkout.link.ModuleExport;
import io.linkout.link.SymbolMap;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LoadedModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exports of a kernel that keeps no symbols: its own from the map it wrote at start, modules'
 * from their files, found by build id, and the addresses of their segments.
 */
final class FileSymbols implements Symbols {
  private static final int ENOENT = 2;

  private final KernelConnection connection;
  private final KernelQueries queries;
  private final ListedExports modules;
  private final @Nullable Path search;
  private @Nullable SymbolMap map;

  /**
   * Symbols by way of {@code connection}, which stays the caller's.
   *
   * @param root of the module tree, null for the one that the environment names
   * @param search directory with more files, or null
   */
  FileSymbols(
      KernelConnection connection, Console console, @Nullable String root, @Nullable Path search) {
    this.connection = connection;
    this.queries = new KernelQueries(connection);
    this.search = search;
    String release = connection.identity().release();
    this.modules =
        new ListedExports(
            queries, new ModuleFiles(ModuleTree.of(root, console.environment(), release), search));
  }

  /**
   * {@inheritDoc}
   *
   * @throws KernelException if one is not found and a module is loaded whose file, which might have
   *     it, is not found either
   */
  @Override
  public List<@Nullable KernelSymbol> find(List<String> names) {
    return find(names, false);
  }

  /**
   * Returns what {@code names} are.
   *
   * @param coming looks at modules that are not live yet or no more, too
   */
  List<@Nullable KernelSymbol> find(List<String> names, boolean coming) {
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
      ofModules(names, open, found, coming);
    }
    return found;
  }

  /** Looks in modules for those of {@code names} that are {@code open}. */
  private void ofModules(
      List<String> names, List<Integer> open, List<@Nullable KernelSymbol> found, boolean coming) {
    boolean all = modules.listNew();
    List<String> unmet = look(names, open, found, coming);
    // A module listed before may have gone live, or gone: nothing is refused before all are listed.
    boolean sound =
        (coming ? unmet.size() == open.size() : unmet.isEmpty()) && unknown(coming).isEmpty();
    if (!all && !sound) {
      modules.list();
      unmet = look(names, open, found, coming);
    }
    List<LoadedModule> unknown = unknown(coming);
    if (!unmet.isEmpty() && !unknown.isEmpty()) {
      throw missing(unmet, unknown);
    }
  }

  private List<String> look(
      List<String> names, List<Integer> open, List<@Nullable KernelSymbol> found, boolean coming) {
    List<String> unmet = new ArrayList<>();
    for (int i : open) {
      KernelSymbol symbol = modules.find(names.get(i), coming);
      found.set(i, symbol);
      if (symbol == null) {
        unmet.add(names.get(i));
      }
    }
    return unmet;
  }

  private List<LoadedModule> unknown(boolean coming) {
    List<LoadedModule> unknown = new ArrayList<>();
    for (LoadedModule module : modules.unknown()) {
      if (coming || module.state() == LoadedModule.State.LIVE) {
        unknown.add(module);
      }
    }
    return unknown;
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
      if (module.state() == LoadedModule.State.LIVE) {
        Map<String, KernelSymbol> exports = modules.of(module);
        if (exports == null) {
          throw missing(List.of(), List.of(module));
        }
        all.addAll(exports.values());
      }
    }
    all.sort((a, b) -> a.name().compareTo(b.name()));
    return all;
  }

  @Override
  public Kernel kernel() {
    return new UserspaceKernel(connection, this);
  }

  private KernelException missing(List<String> names, List<LoadedModule> unknown) {
    StringBuilder detail = new StringBuilder();
    for (LoadedModule module : unknown) {
      detail
          .append("module ")
          .append(module.name())
          .append(" is loaded with build id ")
          .append(module.buildId())
          .append(", and no such file is there: ")
          .append(modules.reason(module))
          .append('\n');
    }
    detail
        .append(search == null ? "--search DIR names a directory" : search + " is no directory")
        .append(" that has the file it was loaded from");
    String what =
        names.isEmpty()
            ? "the kernel keeps no symbols, and a module's file is missing"
            : "unknown symbol "
                + String.join(", ", names)
                + (unknown.size() == 1
                    ? ": it may be that of module " + unknown.getFirst().name()
                    : ": it may be that of a module");
    return new KernelException(ENOENT, "ENOENT", what, detail.toString(), List.of());
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
