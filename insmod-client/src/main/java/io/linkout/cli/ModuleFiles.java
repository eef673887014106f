package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.elf.MalformedElfException;
import io.linkout.link.ModuleFile;
import io.linkout.link.ModuleSymbols;
import io.linkout.link.SegmentKind;
import io.linkout.modinfo.ModuleName;
import io.linkout.rpc.LoadedModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of loaded modules again, by build id: where their loader had them, where depmod's
 * index has that build id, what the module tree has of that name, and in the directory to be
 * searched. A file with another build id is never taken for it.
 */
final class ModuleFiles {
  private final @Nullable ModuleTree tree;
  private final List<Path> given;
  private final @Nullable Path search;

  ModuleFiles(ModuleTree tree) {
    this(tree, null);
  }

  /** Looks in {@code search} as well, if that is not null. */
  ModuleFiles(ModuleTree tree, @Nullable Path search) {
    this.tree = tree;
    this.given = List.of();
    this.search = search;
  }

  /** Looks at the files {@code given} after what is told, then in {@code search}; in no tree. */
  ModuleFiles(List<Path> given, @Nullable Path search) {
    this.tree = null;
    this.given = List.copyOf(given);
    this.search = search;
  }

  /** Returns those of the kernel {@code release} where {@code arguments} say that they are. */
  static ModuleFiles of(Arguments arguments, Console console, String release) {
    String search = arguments.value("search");
    return new ModuleFiles(
        ModuleTree.of(arguments.value("dirname"), console.environment(), release),
        search == null ? null : Path.of(search));
  }

  /** Returns where {@code module}'s segments lie: the first of each kind. */
  static Map<SegmentKind, Long> bases(LoadedModule module) {
    Map<SegmentKind, Long> bases = new EnumMap<>(SegmentKind.class);
    for (LoadedModule.Segment segment : module.segments()) {
      bases.putIfAbsent(segment.kind(), segment.address());
    }
    return bases;
  }

  /** What a file must have to be the one. {@code path}: as its loader gave it, or empty. */
  record Wanted(String name, String buildId, String path) {
    static Wanted of(LoadedModule module) {
      return new Wanted(module.name(), module.buildId(), module.path());
    }
  }

  /**
   * Returns the symbols of {@code module} where they lie now, or null if its file is not found.
   *
   * @param others gets a line for each file that might have been it, saying why it is not
   */
  @Nullable ModuleSymbols symbols(LoadedModule module, List<String> others) {
    try (ModuleFile file = open(module, others)) {
      return file == null ? null : ModuleSymbols.of(file.elf(), bases(module));
    } catch (MalformedElfException e) {
      others.add(e.reason());
      return null;
    }
  }

  /**
   * Returns that {@code module}'s file is not found, and why, in one line.
   *
   * @param others what was found in its place, as {@link #open} tells it
   */
  static String missing(LoadedModule module, List<String> others) {
    return "module "
        + module.name()
        + " is loaded with build id "
        + module.buildId()
        + ", and no such file is there: "
        + (others.isEmpty() ? "it was loaded from " + module.path() : String.join("; ", others));
  }

  /** Returns what to do about a file that is not found, in one line. */
  String advice() {
    return (search == null ? "--search DIR names a directory" : search + " is no directory")
        + " that has it";
  }

  /**
   * Returns {@code module}'s file, which is the caller's to close, or null.
   *
   * @param others gets a line for each file that might have been it, saying why it is not
   */
  @Nullable ModuleFile open(LoadedModule module, List<String> others) {
    return open(Wanted.of(module), others);
  }

  /** Returns the file of {@code module}, which may be long gone, as {@link #open} does. */
  @Nullable ModuleFile open(Wanted module, List<String> others) {
    if (!module.path().isEmpty()) {
      ModuleFile file = open(module, Path.of(module.path()), others);
      if (file != null) {
        return file;
      }
    }
    for (Path path : given) {
      ModuleFile file = open(module, path, named(path, module) ? others : new ArrayList<>());
      if (file != null) {
        return file;
      }
    }
    ModuleFile file = tree == null ? null : inTree(tree, module, others);
    try {
      return file == null ? searched(module, others) : file;
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      others.add(search + ": " + (cause == null ? e.getMessage() : FileReason.of(cause)));
      return null;
    } catch (IOException e) {
      others.add(search + ": " + FileReason.of(e));
      return null;
    }
  }

  private static @Nullable ModuleFile inTree(ModuleTree tree, Wanted module, List<String> others) {
    try {
      String indexed = tree.indexes().pathOfBuildId(module.buildId());
      ModuleFile file =
          indexed == null ? null : open(module, tree.directory().resolve(indexed), others);
      Path listed = file == null ? tree.find(module.name()) : null;
      if (listed != null) {
        file = open(module, listed, others);
      }
      return file == null ? walked(tree, module, listed, others) : file;
    } catch (IOException e) {
      others.add(tree.directory() + ": " + FileReason.of(e));
      return null;
    }
  }

  /** Looks at files that came after depmod's lists, or that these know by another of the name. */
  private static @Nullable ModuleFile walked(
      ModuleTree tree, Wanted module, @Nullable Path listed, List<String> others)
      throws IOException {
    for (Path path : tree.walk(module.name())) {
      ModuleFile file = path.equals(listed) ? null : open(module, path, others);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  private @Nullable ModuleFile searched(Wanted module, List<String> others) throws IOException {
    if (search == null) {
      return null;
    }
    List<Path> paths;
    try (Stream<Path> below = Files.walk(search)) {
      paths = below.filter(ModuleTree::isModule).filter(Files::isRegularFile).sorted().toList();
    }
    // First those of its name: each that is looked at is read.
    for (Path path : paths) {
      if (named(path, module)) {
        ModuleFile file = open(module, path, others);
        if (file != null) {
          return file;
        }
      }
    }
    for (Path path : paths) {
      if (!named(path, module)) {
        ModuleFile file = open(module, path, new ArrayList<>());
        if (file != null) {
          return file;
        }
      }
    }
    return null;
  }

  private static boolean named(Path path, Wanted module) {
    return ModuleName.ofPath(path.toString()).equals(module.name());
  }

  private static @Nullable ModuleFile open(Wanted module, Path path, List<String> others) {
    if (!Files.isRegularFile(path)) {
      return null;
    }
    String reason;
    try {
      ModuleFile file = ModuleFile.open(path);
      if (file.buildId().equals(module.buildId())) {
        return file;
      }
      reason = path + " has build id " + file.buildId();
      file.close();
    } catch (IOException e) {
      reason = path + ": " + FileReason.of(e);
    } catch (MalformedElfException e) {
      reason = path + ": " + e.reason();
    }
    if (!others.contains(reason)) {
      others.add(reason);
    }
    return null;
  }
}
