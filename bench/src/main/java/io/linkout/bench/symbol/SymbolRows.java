package io.linkout.bench.symbol;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.symbol.ExportedSymbol;
import io.linkout.link.Symvers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The exports of Debian's kernel and modules, from the {@code Module.symvers} of the headers below
 * LINKOUT_DEBIAN. They lie as in a kernel here: absent ones, nine in ten, in the order of their
 * names, two pages each; the rest anywhere in its text.
 */
record SymbolRows(List<ExportedSymbol> kernel, Map<String, List<ExportedSymbol>> modules) {
  static SymbolRows read() throws IOException {
    Path sources = Path.of(String.valueOf(System.getenv("LINKOUT_DEBIAN")), "usr/src");
    try (Stream<Path> trees = Files.list(sources)) {
      Path symvers =
          trees
              .map(t -> t.resolve("Module.symvers"))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      return of(Symvers.read(symvers));
    }
  }

  private static SymbolRows of(Symvers symvers) {
    List<Symvers.Row> rows = new ArrayList<>();
    for (int line = 0; line < symvers.size(); line++) {
      rows.add(symvers.row(line));
    }
    rows.sort(Comparator.comparing(Symvers.Row::name));
    Random random = new Random(1);
    List<ExportedSymbol> kernel = new ArrayList<>();
    Map<String, List<ExportedSymbol>> modules = new HashMap<>();
    long absent = GuestLayout.ABSENT;
    for (Symvers.Row row : rows) {
      long address = GuestLayout.KERNEL_TEXT + 16L * random.nextInt(33_000);
      if (random.nextInt(10) != 0) {
        address = absent;
        absent += 0x2000;
      }
      ExportedSymbol export =
          new ExportedSymbol(row.name(), address, row.crc(), row.gplOnly(), row.namespace(), 0);
      if (row.module().isEmpty()) {
        kernel.add(export);
      } else {
        modules.computeIfAbsent(row.module(), m -> new ArrayList<>()).add(export);
      }
    }
    return new SymbolRows(kernel, modules);
  }

  /** Returns all exports, of the kernel and of every module, by name. */
  List<ExportedSymbol> all() {
    List<ExportedSymbol> all = new ArrayList<>(kernel);
    modules.values().forEach(all::addAll);
    all.sort(Comparator.comparing(ExportedSymbol::name));
    return all;
  }

  /** Returns what the module with most exports has, as if loaded with load id 7. */
  List<ExportedSymbol> biggest() {
    List<ExportedSymbol> biggest = List.of();
    for (List<ExportedSymbol> exports : modules.values()) {
      biggest = exports.size() > biggest.size() ? exports : biggest;
    }
    List<ExportedSymbol> loaded = new ArrayList<>();
    long address = GuestLayout.MODULES;
    for (ExportedSymbol export : biggest) {
      loaded.add(
          new ExportedSymbol(
              export.name(), address, export.crc(), export.gplOnly(), export.namespace(), 7));
      address += 48;
    }
    return loaded;
  }
}
