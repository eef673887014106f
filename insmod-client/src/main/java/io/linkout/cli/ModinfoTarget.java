package io.linkout.cli;

import io.linkout.config.Candidate;
import io.linkout.config.ModprobeConfig;
import io.linkout.config.ModuleIndexes;
import io.linkout.config.ModuleLookup;
import io.linkout.config.ModuleTree;
import io.linkout.modinfo.ModInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an operand of modinfo led to: a file, or a module that is part of the kernel itself, or
 * neither and why.
 *
 * @param operand as typed
 * @param file of the module, null if it is built in or there is none
 * @param builtin null unless it is built in
 * @param failure why there is neither
 * @param asked true if it must still be asked whether there is such a file
 */
record ModinfoTarget(
    String operand, @Nullable Path file, @Nullable Builtin builtin, String failure, boolean asked) {

  /**
   * A module that is part of the kernel.
   *
   * @param entries what {@code modules.builtin.modinfo} says of it
   */
  record Builtin(String name, List<ModInfo.Entry> entries) {}

  static ModinfoTarget ofFile(String operand, Path file) {
    return new ModinfoTarget(operand, file, null, "", true);
  }

  private static ModinfoTarget none(String operand, String failure) {
    return new ModinfoTarget(operand, null, null, failure, false);
  }

  /**
   * Returns what {@code operand} stands for in the tree of {@code where}: a module's name, or an
   * alias of one or several ({@code tools/modinfo.c}: modinfo_alias_do, 30, which reads no
   * modprobe.d). Where depmod has not run, the first file of that name.
   *
   * @param nameOnly an alias will not do
   */
  static List<ModinfoTarget> byName(String operand, boolean nameOnly, Supplier<ModuleTree> where) {
    String failure = "Module " + (nameOnly ? "name " : "") + operand + " not found.";
    try {
      if (operand.indexOf('/') >= 0) {
        return List.of(none(operand, failure));
      }
      ModuleTree tree = where.get();
      ModuleIndexes indexes = tree.indexes();
      if (!indexes.present()) {
        Path found = tree.find(operand);
        return List.of(new ModinfoTarget(operand, found, null, failure, false));
      }
      ModuleLookup lookup = new ModuleLookup(indexes, new ModprobeConfig());
      List<ModinfoTarget> targets = new ArrayList<>();
      for (Candidate module : lookup.find(operand)) {
        Path path = lookup.path(module);
        if (nameOnly && module.alias() != null) {
          continue;
        }
        Builtin builtin =
            path == null && lookup.isBuiltin(module.name())
                ? new Builtin(module.name(), indexes.builtinInfo(module.name()))
                : null;
        targets.add(new ModinfoTarget(operand, path, builtin, failure, false));
      }
      return targets.isEmpty() ? List.of(none(operand, failure)) : targets;
    } catch (IOException e) {
      return List.of(none(operand, "Module " + operand + ": " + FileReason.of(e)));
    }
  }

  /**
   * Returns this if its file is there. Called by the threads that read: asking for 4,000 files
   * takes as long as reading them.
   */
  @Nullable ModinfoTarget settled() {
    return file == null || !asked || Files.isRegularFile(file) ? this : null;
  }
}
