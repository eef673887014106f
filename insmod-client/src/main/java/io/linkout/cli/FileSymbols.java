package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.elf.MalformedElfException;
import io.linkout.link.Kernel;
import io.linkout.link.KernelException;
import io.linkout.link.KernelSymbol;
import io.linkout.link.LoadedExports;
import io.linkout.link.ModuleFile;
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
  private final ModuleFiles files;
  private final @Nullable Path search;
  private final Map<Long, Map<String, KernelSymbol>> byLoad = new HashMap<>();

  /** What is said of each load whose file was not found. */
  private final Map<Long, String> lost = new HashMap<>();

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
    this.files = new ModuleFiles(ModuleTree.of(root, console.environment(), release), search);
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
    List<String> left = new ArrayList<>();
    for (String name : names) {
      KernelSymbol symbol = ofKernel.find(name);
      found.add(symbol);
      if (symbol == null) {
        left.add(name);
      }
    }
    if (!left.isEmpty()) {
      ofModules(names, found, left, coming);
    }
    return found;
  }

  private void ofModules(
      List<String> names, List<@Nullable KernelSymbol> found, List<String> left, boolean coming) {
    List<LoadedModule> unknown = new ArrayList<>();
    for (LoadedModule module : queries.modules()) {
      if (left.isEmpty()) {
        return;
      }
      if (module.loadId() == 0 || (!coming && module.state() != LoadedModule.State.LIVE)) {
        continue;
      }
      Map<String, KernelSymbol> exports = exports(module);
      if (exports == null) {
        unknown.add(module);
        continue;
      }
      for (int i = 0; i < names.size() && !exports.isEmpty(); i++) {
        KernelSymbol symbol = found.get(i) == null ? exports.get(names.get(i)) : null;
        if (symbol != null) {
          found.set(i, symbol);
          left.remove(symbol.name());
        }
      }
    }
    if (!left.isEmpty() && !unknown.isEmpty()) {
      throw missing(left, unknown);
    }
  }

  @Override
  public List<KernelSymbol> all() {
    List<KernelSymbol> all = map().all();
    for (LoadedModule module : queries.modules()) {
      if (module.state() == LoadedModule.State.LIVE) {
        Map<String, KernelSymbol> exports = exports(module);
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

  /** Returns what {@code module} exports, or null if its file is not found. */
  private @Nullable Map<String, KernelSymbol> exports(LoadedModule module) {
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
    lost.put(
        module.loadId(),
        others.isEmpty() ? "it was loaded from " + module.path() : String.join("; ", others));
    return null;
  }

  private KernelException missing(List<String> names, List<LoadedModule> modules) {
    StringBuilder detail = new StringBuilder();
    for (LoadedModule module : modules) {
      detail
          .append("module ")
          .append(module.name())
          .append(" is loaded with build id ")
          .append(module.buildId())
          .append(", and no such file is there: ")
          .append(lost.get(module.loadId()))
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
                + (modules.size() == 1
                    ? ": it may be that of module " + modules.getFirst().name()
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
