package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.elf.MalformedElfException;
import io.linkout.link.LinkPlan;
import io.linkout.link.ModuleFile;
import io.linkout.link.ModuleLayout;
import io.linkout.link.SegmentRequest;
import io.linkout.rpc.LoadedModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /** Returns the functions of {@code module} where they lie now, or null if its file is gone. */
  @Nullable SymbolNames names(LoadedModule module) {
    Path recorded = module.path().isEmpty() ? null : Path.of(module.path());
    if (recorded != null && Files.isRegularFile(recorded)) {
      SymbolNames names = names(module, recorded);
      if (names != null) {
        return names;
      }
    }
    try {
      Path found = tree.find(module.name());
      return found == null ? null : names(module, found);
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable SymbolNames names(LoadedModule module, Path path) {
    try (ModuleFile file = ModuleFile.open(path)) {
      if (!file.buildId().equals(module.buildId())) {
        return null;
      }
      ModuleLayout layout = ModuleLayout.of(file.elf());
      long[] addresses = addresses(module, layout.requests());
      LinkPlan plan = new LinkPlan(file.elf(), layout, addresses);
      long[] values = new long[file.elf().symbols().count()];
      plan.fillValues(values);
      return SymbolNames.of(
          module.name(),
          file.elf(),
          i -> values[i],
          i -> {
            int section = file.elf().symbols().section(i);
            return layout.isLoaded(section) && addresses[layout.segmentOf(section)] != 0;
          });
    } catch (IOException | MalformedElfException e) {
      return null;
    }
  }

  /** Returns where each segment of {@code requests} lies, 0 where it was freed after init. */
  private static long[] addresses(LoadedModule module, List<SegmentRequest> requests) {
    List<LoadedModule.Segment> left = new ArrayList<>(module.segments());
    long[] addresses = new long[requests.size()];
    for (int i = 0; i < addresses.length; i++) {
      for (LoadedModule.Segment segment : left) {
        if (segment.kind() == requests.get(i).kind()) {
          addresses[i] = segment.address();
          left.remove(segment);
          break;
        }
      }
    }
    return addresses;
  }
}
