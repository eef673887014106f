package io.linkout.link;

import java.util.HashMap;
import java.util.Map;

/** What a loaded module exports, from its file and from where its segments lie. */
public final class LoadedExports {
  private LoadedExports() {}

  /**
   * Returns the exports of {@code file} by name.
   *
   * @param bases guest address of the first segment of each kind; for PERCPU an offset
   * @param owner name the module is loaded as
   * @param loadId of that load
   * @throws io.linkout.elf.MalformedElfException if the file is not well formed
   */
  public static Map<String, KernelSymbol> of(
      ModuleFile file, Map<SegmentKind, Long> bases, String owner, long loadId) {
    Map<String, KernelSymbol> exports = new HashMap<>();
    ModuleOutline outline = ModuleOutline.of(file);
    if (outline.exports().isEmpty()) {
      return exports;
    }
    Map<String, Long> addresses = new HashMap<>();
    for (ModuleSymbols.Symbol symbol : ModuleSymbols.of(file.elf(), bases).symbols()) {
      if (Character.isUpperCase(symbol.type())) {
        addresses.put(symbol.name(), symbol.address());
      } else {
        addresses.putIfAbsent(symbol.name(), symbol.address());
      }
    }
    for (ModuleOutline.Export export : outline.exports()) {
      Long address = addresses.get(export.name());
      if (address != null) {
        exports.put(
            export.name(),
            new KernelSymbol(
                export.name(),
                address,
                export.crc(),
                export.gplOnly(),
                export.namespace(),
                owner,
                loadId));
      }
    }
    return exports;
  }
}
