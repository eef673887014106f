package io.linkout.kernel.session;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.ModuleState;
import io.linkout.kernel.module.ModuleTable;
import io.linkout.kernel.module.PlacedSegment;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers questions about names and addresses from the export and module tables. */
final class Lookup {
  private final ModuleTable modules;

  Lookup(ModuleTable modules) {
    this.modules = modules;
  }

  /** Returns the export called {@code name} and its owner, or null. */
  Reply.@Nullable OwnedSymbol find(String name) {
    ExportedSymbol symbol = modules.exports().find(name);
    return symbol == null ? null : owned(symbol);
  }

  /** Returns at most {@code limit} exports whose names come after {@code name} in byte order. */
  List<Reply.OwnedSymbol> after(String name, int limit) {
    List<Reply.OwnedSymbol> batch = new ArrayList<>();
    Iterator<ExportedSymbol> exports = modules.exports().after(name);
    while (batch.size() < limit && exports.hasNext()) {
      batch.add(owned(exports.next()));
    }
    return batch;
  }

  /**
   * Returns what is known of {@code address}: the nearest export at or below it of whoever owns the
   * memory, else the module, else nothing.
   */
  Reply.Location locate(long address) {
    LoadedModule module = modules.at(address);
    if (module == null) {
      if (!GuestLayout.within(address, GuestLayout.KERNEL_TEXT, GuestLayout.MODULES)) {
        return new Reply.Location("", 0, "");
      }
      ExportedSymbol symbol = modules.exports().atOrBelow(address, 0);
      return symbol == null
          ? new Reply.Location("", 0, "")
          : new Reply.Location(symbol.name(), address - symbol.address(), "");
    }
    if (module.state() == ModuleState.LIVE) {
      ExportedSymbol symbol = modules.exports().atOrBelow(address, module.loadId());
      // An export of another segment says nothing of this address.
      if (symbol != null && sameSegment(module, symbol.address(), address)) {
        return new Reply.Location(symbol.name(), address - symbol.address(), module.name());
      }
    }
    return new Reply.Location("", address - firstText(module, address), module.name());
  }

  private Reply.OwnedSymbol owned(ExportedSymbol symbol) {
    LoadedModule owner = symbol.owner() == 0 ? null : modules.find(symbol.owner());
    return new Reply.OwnedSymbol(symbol, owner == null ? "" : owner.name());
  }

  private static boolean sameSegment(LoadedModule module, long one, long other) {
    return module.segments().stream().anyMatch(s -> s.contains(one, 1) && s.contains(other, 1));
  }

  private static long firstText(LoadedModule module, long otherwise) {
    return module.segments().stream()
        .filter(s -> s.kind() == LoadImage.Kind.TEXT)
        .mapToLong(PlacedSegment::address)
        .findFirst()
        .orElse(otherwise);
  }
}
