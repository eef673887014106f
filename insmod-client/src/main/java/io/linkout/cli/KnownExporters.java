package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.link.ExportHints;
import io.linkout.link.KernelIdentity;
import io.linkout.link.Symvers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which module would export a symbol: the module tree's {@code modules.symbols}, else the {@code
 * Module.symvers} of the kernel's headers. Read when first asked.
 */
final class KnownExporters implements ExportHints {
  private final KernelIdentity kernel;
  private final ModuleTree tree;
  private @Nullable ExportHints source;

  private KnownExporters(KernelIdentity kernel, ModuleTree tree) {
    this.kernel = kernel;
    this.tree = tree;
  }

  /** Asks the tree that {@code arguments} or the environment name. */
  static KnownExporters of(KernelIdentity kernel, Arguments arguments, Console console) {
    return new KnownExporters(
        kernel, ModuleTree.of(arguments.value("dirname"), console.environment(), kernel.release()));
  }

  @Override
  public @Nullable String moduleOf(String symbol) {
    ExportHints known = source;
    if (known == null) {
      known = read();
      source = known;
    }
    return known.moduleOf(symbol);
  }

  private ExportHints read() {
    try {
      Map<String, String> exporters = tree.exporters();
      if (!exporters.isEmpty()) {
        return exporters::get;
      }
      if (!kernel.symversPath().isEmpty()) {
        return Symvers.read(Path.of(kernel.symversPath()));
      }
    } catch (IOException e) {
      // only a hint is lost
    }
    return ExportHints.NONE;
  }
}
