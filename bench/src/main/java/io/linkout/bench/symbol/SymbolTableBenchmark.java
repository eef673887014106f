package io.linkout.bench.symbol;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.symbol.AddressRegions;
import io.linkout.kernel.symbol.AddressRegions.Region;
import io.linkout.kernel.symbol.CompressedExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import io.linkout.link.ModuleFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Lookups, iteration and modules' comings and goings in export tables of different designs, all
 * with the exports of Debian's kernel, which is under LINKOUT_DEBIAN; LINKOUT_MODULE names a big
 * module.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class SymbolTableBenchmark {
  /** Names of the designs. */
  static final String[] DESIGNS = {
    "compressed",
    "hash map",
    "tree map",
    "sorted array",
    "front 4",
    "front 8",
    "front 16",
    "front 32",
    "front 64"
  };

  private static final AddressRegions REGIONS =
      new AddressRegions(
          List.of(
              new Region(GuestLayout.ABSENT, GuestLayout.ABSENT_END, 13),
              new Region(GuestLayout.KERNEL_TEXT, GuestLayout.KERNEL_DATA, 4),
              new Region(GuestLayout.MODULES, GuestLayout.MODULES_END, 0)));

  /** Which of them. */
  @Param({
    "compressed",
    "hash map",
    "tree map",
    "sorted array",
    "front 4",
    "front 8",
    "front 16",
    "front 32",
    "front 64"
  })
  public String design = "compressed";

  private @Nullable SymbolDesign table;
  private final List<String> hits = new ArrayList<>();
  private final List<String> misses = new ArrayList<>();
  private final List<String> imports = new ArrayList<>();
  private final SymbolRows rows;
  private final List<ExportedSymbol> biggest;
  private int next;

  /** Reads what is to be looked up. */
  public SymbolTableBenchmark() {
    try {
      rows = SymbolRows.read();
      readImports();
    } catch (IOException e) {
      throw new IllegalStateException("LINKOUT_DEBIAN or LINKOUT_MODULE is not right", e);
    }
    for (ExportedSymbol export : rows.kernel()) {
      hits.add(export.name());
    }
    Collections.shuffle(hits, new Random(2));
    // Names that differ late from those that are there.
    for (String name : hits) {
      misses.add(name.substring(0, name.length() - 1) + "Q");
    }
    biggest = rows.biggest();
  }

  private void readImports() throws IOException {
    try (ModuleFile file =
        ModuleFile.open(Path.of(String.valueOf(System.getenv("LINKOUT_MODULE"))))) {
      var symbols = file.elf().symbols();
      for (int i = 1; i < symbols.count(); i++) {
        if (symbols.section(i) == 0 && !symbols.name(i).isEmpty()) {
          imports.add(symbols.name(i));
        }
      }
    }
  }

  /** Makes {@code design} of {@code exports}, which are sorted by name. */
  static SymbolDesign make(String design, List<ExportedSymbol> exports) {
    return switch (design) {
      case "compressed" -> filled(new TableDesign(new CompressedExportTable(REGIONS)), exports);
      case "tree map" -> filled(new TableDesign(new TreeExportTable()), exports);
      case "hash map" -> new MapDesign(exports);
      case "sorted array" -> new ArrayDesign(exports);
      default ->
          new FrontCodedDesign(exports, Integer.parseInt(design.substring("front ".length())));
    };
  }

  private static SymbolDesign filled(TableDesign table, List<ExportedSymbol> exports) {
    table.add(exports);
    return table;
  }

  private SymbolDesign table() {
    SymbolDesign made = table;
    if (made == null) {
      made = make(design, rows.kernel());
      table = made;
    }
    return made;
  }

  /** One name that is there. */
  @Benchmark
  public @Nullable Object hit() {
    next = next + 1 == hits.size() ? 0 : next + 1;
    return table().find(hits.get(next));
  }

  /** One that is not. */
  @Benchmark
  public @Nullable Object miss() {
    next = next + 1 == misses.size() ? 0 : next + 1;
    return table().find(misses.get(next));
  }

  /** All imports of the big module, one after the other, as a Resolve does. */
  @Benchmark
  public int imports() {
    SymbolDesign made = table();
    int found = 0;
    for (String name : imports) {
      found += made.find(name) == null ? 0 : 1;
    }
    return found;
  }

  /** All exports in order. */
  @Benchmark
  public long inOrder() {
    return table().sum();
  }

  /** The module with most exports is added and removed. */
  @Benchmark
  public void moduleComesAndGoes() {
    SymbolDesign made = table();
    made.add(biggest);
    made.removeAll(7);
  }
}
