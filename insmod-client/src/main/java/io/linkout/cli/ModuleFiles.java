package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.elf.MalformedElfException;
import io.linkout.link.ModuleFile;
import io.linkout.link.ModuleSymbols;
import io.linkout.link.SegmentKind;
import io.linkout.rpc.LoadedModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of loaded modules again: where their loader had them, else in the module tree; in
 * both cases only if the build id is the loaded one's.
 */
final class ModuleFiles {
  private final ModuleTree tree;

  ModuleFiles(ModuleTree tree) {
    this.tree = tree;
  }

  /** Returns the symbols of {@code module} where they lie now, or null if its file is gone. */
  @Nullable ModuleSymbols symbols(LoadedModule module) {
    Path recorded = module.path().isEmpty() ? null : Path.of(module.path());
    if (recorded != null && Files.isRegularFile(recorded)) {
      ModuleSymbols symbols = symbols(module, recorded);
      if (symbols != null) {
        return symbols;
      }
    }
    try {
      Path found = tree.find(module.name());
      return found == null ? null : symbols(module, found);
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable ModuleSymbols symbols(LoadedModule module, Path path) {
    try (ModuleFile file = ModuleFile.open(path)) {
      if (!file.buildId().equals(module.buildId())) {
        return null;
      }
      Map<SegmentKind, Long> bases = new EnumMap<>(SegmentKind.class);
      for (LoadedModule.Segment segment : module.segments()) {
        bases.putIfAbsent(segment.kind(), segment.address());
      }
      return ModuleSymbols.of(file.elf(), bases);
    } catch (IOException | MalformedElfException e) {
      return null;
    }
  }
}
