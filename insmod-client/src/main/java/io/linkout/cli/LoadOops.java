package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.link.KernelException;
import io.linkout.link.LinkedModule;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LoadedModule;
import java.util.List;

/**
 * Names the places in the report of a module that died in its init: it is gone, its file is not.
 */
final class LoadOops {
  private LoadOops() {}

  /** Returns {@code report} decoded, with the names of {@code module} and of those in it. */
  static List<String> decode(
      List<String> report, LinkedModule module, KernelConnection kernel, Console console) {
    ModuleTree tree = ModuleTree.of(null, console.environment(), kernel.identity().release());
    OopsText text = new OopsText(new ModuleFiles(tree), console).with(module);
    try {
      text.with(Symbols.mapOf(kernel));
    } catch (KernelException e) {
      // only names of the kernel are lost
    }
    return text.loaded(() -> loaded(kernel)).decode(report);
  }

  private static List<LoadedModule> loaded(KernelConnection kernel) {
    try {
      return new KernelQueries(kernel).modules();
    } catch (KernelException e) {
      // the connection is gone; the module's own names are still at hand
      return List.of();
    }
  }
}
