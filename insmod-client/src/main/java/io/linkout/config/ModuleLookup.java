package io.linkout.config;

import io.linkout.modinfo.ModuleName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds modules by name and alias as kmod does ({@code libkmod/libkmod-module.c}:
 * kmod_module_new_from_lookup, 30), and what the configuration has to say of them.
 */
public final class ModuleLookup {
  private final ModuleIndexes indexes;
  private final ModprobeConfig config;
  private final Map<String, Candidate> known = new HashMap<>();
  private final Map<String, Boolean> builtin = new HashMap<>();

  /** Looks in {@code indexes} and {@code config}. */
  public ModuleLookup(ModuleIndexes indexes, ModprobeConfig config) {
    this.indexes = indexes;
    this.config = config;
  }

  /**
   * Returns what {@code typed} stands for; empty if nothing. The first of these that knows it
   * decides: aliases configured, {@code modules.dep}, {@code modules.symbols}, commands configured,
   * {@code modules.alias}, built-in modules and their aliases.
   */
  public List<Candidate> find(String typed) throws IOException {
    String name = AliasName.normalise(typed);
    if (name == null) {
      return List.of();
    }
    List<Candidate> found = new ArrayList<>();
    for (ModprobeConfig.Alias alias : config.aliases()) {
      if (Glob.matches(alias.pattern(), name)) {
        found.add(candidate(alias.module(), alias.pattern()));
      }
    }
    if (found.isEmpty() && name.indexOf(':') < 0) {
      ModuleIndexes.Dependencies line = indexes.dependencies(name);
      if (line != null) {
        Candidate module = candidate(name, null);
        take(module, line);
        found.add(module);
      }
    }
    if (found.isEmpty() && name.startsWith("symbol:")) {
      addAll(indexes.exportersOf(name), name, found);
    }
    if (found.isEmpty()
        && (hasCommand(config.installs(), name) || hasCommand(config.removes(), name))) {
      found.add(candidate(name, null));
    }
    if (found.isEmpty()) {
      addAll(indexes.modulesOf(name), name, found);
    }
    if (found.isEmpty() && isBuiltin(name)) {
      found.add(candidate(name, null));
    }
    if (found.isEmpty()) {
      addAll(indexes.builtinsOf(name), name, found);
    }
    return found;
  }

  private void addAll(List<String> modules, String alias, List<Candidate> found) {
    for (String module : modules) {
      found.add(candidate(module, alias));
    }
  }

  private static boolean hasCommand(List<ModprobeConfig.ShellCommand> commands, String name) {
    for (ModprobeConfig.ShellCommand command : commands) {
      if (command.pattern().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the module in {@code file}, with the dependencies {@code modules.dep} has for it. */
  public Candidate ofFile(Path file) {
    Candidate module = candidate(ModuleName.ofPath(file.toString()), null);
    module.path = file;
    return module;
  }

  private Candidate candidate(String name, @Nullable String alias) {
    String key = alias == null ? name : name + '\\' + alias;
    Candidate module = known.get(key);
    if (module == null) {
      module = new Candidate(name, alias);
      known.put(key, module);
    }
    return module;
  }

  /** Returns the file of {@code module}, or null: it is built in, or there is none. */
  public @Nullable Path path(Candidate module) throws IOException {
    if (module.path == null) {
      dependencies(module);
    }
    return module.path;
  }

  /** Returns all that {@code module} needs, in the order to load it. */
  public List<Candidate> dependencies(Candidate module) throws IOException {
    List<Candidate> needed = module.dependencies;
    if (needed == null) {
      ModuleIndexes.Dependencies line = indexes.dependencies(module.name());
      needed = line == null ? List.of() : take(module, line);
      module.dependencies = needed;
    }
    return needed;
  }

  private List<Candidate> take(Candidate module, ModuleIndexes.Dependencies line) {
    if (module.path == null) {
      module.path = indexes.directory().resolve(line.path());
    }
    List<Candidate> needed = new ArrayList<>(line.needed().size());
    for (String path : line.needed()) {
      needed.add(ofFile(indexes.directory().resolve(path)));
    }
    module.dependencies = needed;
    return needed;
  }

  /** Returns true if {@code name} is part of the kernel itself. */
  public boolean isBuiltin(String name) throws IOException {
    Boolean known = builtin.get(name);
    if (known == null) {
      known = indexes.isBuiltin(name);
      builtin.put(name, known);
    }
    return known;
  }

  /** Returns true if the configuration keeps {@code module} from being loaded by an alias. */
  public boolean isBlacklisted(Candidate module) {
    return config.blacklist().contains(module.name());
  }

  /** Returns the options of {@code module}, or null if none are configured. */
  public @Nullable String options(Candidate module) {
    StringBuilder all = new StringBuilder();
    for (ModprobeConfig.Options options : config.options()) {
      if (!options.text().isEmpty()
          && (options.module().equals(module.name()) || options.module().equals(module.alias()))) {
        if (!all.isEmpty()) {
          all.append(' ');
        }
        all.append(options.text());
      }
    }
    return all.isEmpty() ? null : all.toString();
  }

  /** Returns what to run in place of loading {@code module}, or null. */
  public @Nullable String installCommand(Candidate module) {
    return command(config.installs(), module);
  }

  /** Returns what to run in place of removing {@code module}, or null. */
  public @Nullable String removeCommand(Candidate module) {
    return command(config.removes(), module);
  }

  private static @Nullable String command(
      List<ModprobeConfig.ShellCommand> commands, Candidate module) {
    for (ModprobeConfig.ShellCommand command : commands) {
      if (Glob.matches(command.pattern(), module.name())) {
        return command.command();
      }
    }
    return null;
  }

  /** Returns what is to be loaded before {@code module}, as its softdep says. */
  public List<Candidate> wishesBefore(Candidate module) throws IOException {
    ModprobeConfig.SoftDependency wishes = wishes(module);
    return wishes == null ? List.of() : findAll(wishes.before());
  }

  /** Returns what is to be loaded after {@code module}, as its softdep says. */
  public List<Candidate> wishesAfter(Candidate module) throws IOException {
    ModprobeConfig.SoftDependency wishes = wishes(module);
    return wishes == null ? List.of() : findAll(wishes.after());
  }

  private ModprobeConfig.@Nullable SoftDependency wishes(Candidate module) {
    for (ModprobeConfig.SoftDependency wishes : config.softDependencies()) {
      if (Glob.matches(wishes.pattern(), module.name())) {
        return wishes;
      }
    }
    return null;
  }

  private List<Candidate> findAll(List<String> names) throws IOException {
    List<Candidate> all = new ArrayList<>();
    for (String name : names) {
      all.addAll(find(name));
    }
    return all;
  }

  /**
   * Returns what to load for {@code module}, in order: what it needs, each with its soft wishes
   * around it, then itself with its own ({@code libkmod-module.c}: kmod_module_get_probe_list). A
   * module can be there twice; the second time it is loaded already.
   *
   * @param ignoreCommands leave out the soft wishes and the install command of {@code module}
   */
  public List<Candidate> loadOrder(Candidate module, boolean ignoreCommands) throws IOException {
    for (Candidate other : known.values()) {
      other.visited = false;
      other.required = false;
    }
    List<Candidate> order = new ArrayList<>();
    visit(module, true, ignoreCommands, order);
    return order;
  }

  private void visit(
      Candidate module, boolean required, boolean ignoreCommands, List<Candidate> order)
      throws IOException {
    if (module.visited) {
      return;
    }
    module.visited = true;
    List<Candidate> needed = dependencies(module);
    if (required) {
      module.required = true;
      for (Candidate other : needed) {
        other.required = true;
      }
    }
    for (Candidate other : needed) {
      addWithWishes(other, order);
    }
    if (ignoreCommands) {
      order.add(module);
      module.ignoresCommand = true;
    } else {
      addWithWishes(module, order);
    }
  }

  private void addWithWishes(Candidate module, List<Candidate> order) throws IOException {
    List<Candidate> before = wishesBefore(module);
    List<Candidate> after = wishesAfter(module);
    for (Candidate wish : before) {
      visit(wish, false, false, order);
    }
    order.add(module);
    module.ignoresCommand = !before.isEmpty() || !after.isEmpty();
    for (Candidate wish : after) {
      visit(wish, false, false, order);
    }
  }
}
