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
  private final Map<String, String> environment;
  private @Nullable ExportHints source;

  KnownExporters(KernelIdentity kernel, Map<String, String> environment) {
    this.kernel = kernel;
    this.environment = environment;
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
      Map<String, String> tree = ModuleTree.of(null, environment, kernel.release()).exporters();
      if (!tree.isEmpty()) {
        return tree::get;
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
