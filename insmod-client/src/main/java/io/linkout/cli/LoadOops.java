package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.link.KernelException;
import io.linkout.link.LinkPlan;
import io.linkout.link.LinkedModule;
import io.linkout.link.SegmentKind;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import java.util.List;

/**
 * Names the places in the report of a module that died in its init: it is gone, its file is not.
 */
final class LoadOops {
  private LoadOops() {}

  /** Returns {@code report} decoded, with the names of {@code module} and of those loaded. */
  static List<String> decode(
      List<String> report, LinkedModule module, KernelConnection kernel, Console console) {
    OopsText text = new OopsText();
    try {
      ModuleTree tree = ModuleTree.of(null, console.environment(), kernel.identity().release());
      text.loaded(new KernelQueries(kernel), new ModuleFiles(tree));
    } catch (KernelException e) {
      // the connection is gone; its own names are still at hand
    }
    return text.with(module.name(), textAddress(module), names(module)).decode(report);
  }

  private static long textAddress(LinkedModule module) {
    for (int i = 0; i < module.image().segmentCount(); i++) {
      if (module.image().request(i).kind() == SegmentKind.TEXT) {
        return module.allocation().addresses().get(i);
      }
    }
    return module.allocation().addresses().isEmpty()
        ? 0
        : module.allocation().addresses().getFirst();
  }

  private static SymbolNames names(LinkedModule module) {
    return SymbolNames.of(
        module.name(),
        module.file().elf(),
        module::symbolValue,
        i -> module.symbolValue(i) != LinkPlan.NO_ADDRESS);
  }
}
