package io.linkout.config;

import io.linkout.modinfo.ModuleName;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The modules of one kernel release: {@code ROOT/lib/modules/RELEASE} and depmod's lists in it. */
public final class ModuleTree {
  private static final List<String> SUFFIXES = List.of(".ko", ".ko.gz", ".ko.xz", ".ko.zst");

  private final Path directory;

  private ModuleTree(Path directory) {
    this.directory = directory;
  }

  /**
   * Returns the tree of {@code release}, which may not exist.
   *
   * @param root given by an option, else null: then {@code $LINKOUT_MODULES}, else {@code /}
   */
  public static ModuleTree of(
      @Nullable String root, Map<String, String> environment, String release) {
    return new ModuleTree(root(root, environment).resolve("lib/modules").resolve(release));
  }

  /** Returns the directory below which the tree and the configuration lie. */
  public static Path root(@Nullable String option, Map<String, String> environment) {
    if (option != null) {
      return Path.of(option);
    }
    String variable = environment.get("LINKOUT_MODULES");
    return Path.of(variable == null || variable.isEmpty() ? "/" : variable);
  }

  /** Returns depmod's lists in it. */
  public ModuleIndexes indexes() {
    return new ModuleIndexes(directory);
  }

  /** Returns where the tree lies. */
  public Path directory() {
    return directory;
  }

  /**
   * Returns the file of the module called {@code name}, or null: what {@code modules.dep} says, or,
   * where depmod has not run, the first file of that name below the directory.
   *
   * @throws IOException if the tree is there and cannot be read
   */
  public @Nullable Path find(String name) throws IOException {
    String wanted = ModuleName.normalise(name);
    ModuleIndexes indexes = indexes();
    if (indexes.present()) {
      ModuleIndexes.Dependencies line = indexes.dependencies(wanted);
      return line == null ? null : directory.resolve(line.path());
    }
    List<Path> found = walk(wanted, true);
    return found.isEmpty() ? null : found.getFirst();
  }

  /**
   * Returns the files of the name {@code name} below the directory, whatever depmod's lists say.
   *
   * @throws IOException if the tree is there and cannot be read
   */
  public List<Path> walk(String name) throws IOException {
    return walk(ModuleName.normalise(name), false);
  }

  private List<Path> walk(String wanted, boolean onlyFirst) throws IOException {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isModule(file) && ModuleName.ofPath(file.toString()).equals(wanted)) {
              found.add(file);
              return onlyFirst ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /** Returns true if {@code file}'s name ends as a module's does. */
  public static boolean isModule(Path file) {
    return isModule(file.toString());
  }

  /** Returns true if {@code name} ends as a module's file does. */
  public static boolean isModule(String name) {
    for (String suffix : SUFFIXES) {
      if (name.endsWith(suffix)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns which module exports which symbol, from {@code modules.symbols}; empty if depmod wrote
   * none.
   */
  public Map<String, String> exporters() throws IOException {
    Map<String, String> exporters = new HashMap<>();
    for (ModuleIndexes.Alias line : indexes().symbols()) {
      if (line.alias().startsWith("symbol:")) {
        exporters.putIfAbsent(line.alias().substring("symbol:".length()), line.module());
      }
    }
    return exporters;
  }
}
