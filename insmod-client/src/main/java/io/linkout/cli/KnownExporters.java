package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.config.Symvers;
import io.linkout.link.ExportHints;
import io.linkout.link.KernelIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which module would export a symbol: the module tree's {@code modules.symbols}, else the {@code
 * Module.symvers} of the kernel's headers. Read when first asked.
 */
final class KnownExporters implements ExportHints {
  private final KernelIdentity kernel;
  private final Map<String, String> environment;
  private @Nullable Map<String, String> exporters;

  KnownExporters(KernelIdentity kernel, Map<String, String> environment) {
    this.kernel = kernel;
    this.environment = environment;
  }

  @Override
  public @Nullable String moduleOf(String symbol) {
    Map<String, String> known = exporters;
    if (known == null) {
      known = read();
      exporters = known;
    }
    return known.get(symbol);
  }

  private Map<String, String> read() {
    try {
      Map<String, String> tree = ModuleTree.of(null, environment, kernel.release()).exporters();
      if (!tree.isEmpty()) {
        return tree;
      }
      if (!kernel.symversPath().isEmpty()) {
        return Symvers.exporters(Path.of(kernel.symversPath()));
      }
    } catch (IOException e) {
      // only a hint is lost
    }
    return new HashMap<>();
  }
}
