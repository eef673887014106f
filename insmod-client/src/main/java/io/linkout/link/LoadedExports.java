package io.linkout.link;

import io.linkout.elf.ElfFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a loaded module exports, from its file and from where its segments lie. */
public final class LoadedExports {
  private LoadedExports() {}

  /**
   * Returns the exports of {@code file} by name. An address is what the export's table entry points
   * at, as in the image that was linked: names of symbols do not matter, there may be two of one.
   *
   * @param bases guest address of the first segment of each kind; for PERCPU an offset
   * @param owner name the module is loaded as
   * @param loadId of that load
   * @throws io.linkout.elf.MalformedElfException if the file is not well formed
   */
  public static Map<String, KernelSymbol> of(
      ModuleFile file, Map<SegmentKind, Long> bases, String owner, long loadId) {
    ElfFile elf = file.elf();
    Map<String, KernelSymbol> exports = new HashMap<>();
    List<ModuleOutline.Entry> entries = ModuleOutline.entries(elf);
    if (entries.isEmpty()) {
      return exports;
    }
    LinkPlan plan = LinkPlan.loaded(elf, bases);
    for (ModuleOutline.Entry entry : entries) {
      FilePointers.Target target = entry.value();
      if (target == null) {
        continue;
      }
      long value = plan.value(target.symbol());
      if (value == LinkPlan.NO_ADDRESS) {
        continue;
      }
      long addend =
          target.section() > 0
              ? target.offset() - elf.symbols().value(target.symbol())
              : target.offset();
      ModuleOutline.Export export = entry.export();
      exports.put(
          export.name(),
          new KernelSymbol(
              export.name(),
              value + addend,
              export.crc(),
              export.gplOnly(),
              export.namespace(),
              owner,
              loadId));
    }
    return exports;
  }
}
