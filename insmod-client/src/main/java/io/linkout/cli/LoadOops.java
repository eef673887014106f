package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.link.KernelException;
import io.linkout.link.LinkedModule;
import io.linkout.link.ModuleSymbols;
import io.linkout.link.SegmentKind;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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
      text.with(Symbols.mapOf(kernel));
      text.loaded(new KernelQueries(kernel), new ModuleFiles(tree));
    } catch (KernelException e) {
      // the connection is gone; its own names are still at hand
    }
    Map<SegmentKind, Long> bases = new EnumMap<>(SegmentKind.class);
    for (int i = 0; i < module.image().segmentCount(); i++) {
      bases.putIfAbsent(module.image().request(i).kind(), module.allocation().addresses().get(i));
    }
    ModuleSymbols symbols = ModuleSymbols.of(module.file().elf(), bases);
    return text.with(module.name(), bases.get(SegmentKind.TEXT), symbols).decode(report);
  }
}
