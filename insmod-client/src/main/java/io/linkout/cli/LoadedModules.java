package io.linkout.cli;

import io.linkout.config.ModuleLookup;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.Leak;
import io.linkout.rpc.LoadedModule;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is in the kernel, as of the last question. Without a kernel (a dry run for a release that is
 * given) nothing is loaded, and what is built in is known from the tree.
 */
final class LoadedModules {
  private final @Nullable KernelQueries queries;
  private final ModuleLookup lookup;
  private @Nullable List<LoadedModule> listed;

  /** What was made live since. */
  private final Set<String> added = new HashSet<>();

  LoadedModules(@Nullable KernelConnection kernel, ModuleLookup lookup) {
    this.queries = kernel == null ? null : new KernelQueries(kernel);
    this.lookup = lookup;
  }

  /** Returns true if {@code name} is live or built in. */
  boolean inKernel(String name) throws IOException {
    LoadedModule module = find(name);
    return added.contains(name)
        || (module != null && module.state() == LoadedModule.State.LIVE)
        || lookup.isBuiltin(name);
  }

  /** Returns the module, in whatever state it is, or null. */
  @Nullable LoadedModule find(String name) {
    for (LoadedModule module : list()) {
      if (module.name().equals(name) && module.state() != LoadedModule.State.UNFORMED) {
        return module;
      }
    }
    return null;
  }

  private List<LoadedModule> list() {
    List<LoadedModule> known = listed;
    if (known == null) {
      known = queries == null ? List.of() : queries.modules();
      listed = known;
    }
    return known;
  }

  /** The kernel's modules may have changed: the next question asks it again. */
  void changed() {
    listed = null;
    added.clear();
  }

  /** Returns true if the next question asks nothing of the kernel. */
  boolean isListed() {
    return listed != null;
  }

  /** {@code name} was made live, and nothing else is known to have changed. */
  void added(String name) {
    added.add(name);
  }

  /** Removes {@code name}; returns what it left behind. */
  List<Leak> remove(String name, boolean force) {
    if (queries == null) {
      return List.of();
    }
    changed();
    return queries.remove(name, force);
  }
}
