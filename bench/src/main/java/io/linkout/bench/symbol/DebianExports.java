package io.linkout.bench.symbol;

import io.linkout.elf.Elf;
import io.linkout.elf.SymbolTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import io.linkout.link.KernelSymbol;
import io.linkout.link.LoadedExports;
import io.linkout.link.ModuleFile;
import io.linkout.link.ModuleLayout;
import io.linkout.link.SegmentKind;
import io.linkout.link.SegmentRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a kernel of Debian's exports, alone or with all its modules, and names to look for. The
 * kernel's own exports are what a daemon with these headers has, from the map that {@code
 * --symbols=userspace} writes: real addresses. Modules' are those of the files, each where the
 * loader's layout puts it, with the modules one after the other as if all were loaded.
 *
 * @param exports by name
 * @param hits names that are there, in random order
 * @param misses as many that are not there: each a hit with one letter changed
 * @param imports what a big module wants, in the order of its file
 */
record DebianExports(
    List<ExportedSymbol> exports, List<String> hits, List<String> misses, List<String> imports) {
  private static final long MODULES = 0xffffffffa0000000L;
  private static final long PAGE = 4096;
  private static final long PERCPU = 0x20000;

  /**
   * Reads them from the files that these variables of the environment name: {@code LINKOUT_MAP},
   * {@code LINKOUT_TREE}, {@code LINKOUT_MODULE}.
   *
   * @param withModules false: only the kernel's own
   */
  static DebianExports read(boolean withModules) throws IOException {
    Random random = new Random(6);
    List<ExportedSymbol> exports = new ArrayList<>();
    for (String line : Files.readAllLines(file("LINKOUT_MAP"))) {
      String[] fields = line.split(" ", -1);
      if (fields.length == 5 && fields[1].startsWith("0x") && !fields[3].equals("t")) {
        exports.add(
            new ExportedSymbol(
                fields[0],
                Long.parseUnsignedLong(fields[1].substring(2), 16),
                fields[2].equals("-") ? null : Integer.parseUnsignedInt(fields[2].substring(2), 16),
                fields[3].equals("G"),
                fields[4].equals("-") ? "" : fields[4].intern(),
                0));
      }
    }
    Set<String> names = new HashSet<>();
    exports.forEach(export -> names.add(export.name()));
    if (withModules) {
      exports.addAll(ofModules(file("LINKOUT_TREE"), names));
    }
    exports.sort(Design.BY_NAME);
    List<String> hits = new ArrayList<>(names);
    hits.sort(null);
    java.util.Collections.shuffle(hits, random);
    List<String> misses = new ArrayList<>();
    while (misses.size() < hits.size()) {
      StringBuilder name = new StringBuilder(hits.get(misses.size()));
      name.setCharAt(random.nextInt(name.length()), (char) ('a' + random.nextInt(26)));
      if (!names.contains(name.toString())) {
        misses.add(name.toString());
      }
    }
    return new DebianExports(exports, hits, misses, imports(file("LINKOUT_MODULE")));
  }

  private static List<ExportedSymbol> ofModules(Path tree, Set<String> names) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(tree)) {
      paths = all.filter(path -> path.toString().endsWith(".ko")).sorted().toList();
    }
    List<ExportedSymbol> exports = new ArrayList<>();
    long owner = 0;
    long free = MODULES;
    for (Path path : paths) {
      owner++;
      try (ModuleFile file = ModuleFile.open(path)) {
        Map<SegmentKind, Long> bases = new EnumMap<>(SegmentKind.class);
        bases.put(SegmentKind.PERCPU, PERCPU);
        for (SegmentRequest request : ModuleLayout.of(file.elf()).requests()) {
          if (request.kind() != SegmentKind.PERCPU && !request.kind().init()) {
            bases.putIfAbsent(request.kind(), free);
            free += (request.size() + PAGE - 1) / PAGE * PAGE;
          }
        }
        for (KernelSymbol symbol : LoadedExports.of(file, bases, "", owner).values()) {
          if (names.add(symbol.name())) {
            exports.add(
                new ExportedSymbol(
                    symbol.name(),
                    symbol.address(),
                    symbol.crc(),
                    symbol.gplOnly(),
                    symbol.namespace().intern(),
                    owner));
          }
        }
      }
    }
    return exports;
  }

  private static List<String> imports(Path module) throws IOException {
    try (ModuleFile file = ModuleFile.open(module)) {
      List<String> names = new ArrayList<>();
      SymbolTable table = file.elf().symbols();
      for (int i = 1; i < table.count(); i++) {
        if (table.section(i) == Elf.SHN_UNDEF && !table.name(i).isEmpty()) {
          names.add(table.name(i));
        }
      }
      return names;
    }
  }

  private static Path file(String variable) {
    String path = System.getenv(variable);
    if (path == null) {
      throw new IllegalStateException(variable + " names no file");
    }
    return Path.of(path);
  }

  /** Returns what a module may export that is loaded into this kernel: a hundred new names. */
  List<ExportedSymbol> newcomer() {
    List<ExportedSymbol> exports = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      exports.add(
          new ExportedSymbol(
              "zz9_newcomer_" + (char) ('a' + i / 26) + (char) ('a' + i % 26) + "_probe",
              0xfffffffff0000000L + 1024L * i,
              i * 0x9e3779b9,
              true,
              "",
              1L << 40));
    }
    return exports;
  }
}
