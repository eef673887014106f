package io.linkout.kernel.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.GraphLayout;

/** The figure a table tells of itself is what a walk over its objects measures. */
class ExportTableSizeTest {
  @Test
  void anEmptyTable() {
    CompressedExportTable table = new CompressedExportTable(new AddressRegions(List.of()));
    assertThat(table.bytes()).isEqualTo(measured(table));
  }

  @Test
  void asModulesComeAndGo() {
    CompressedExportTable table =
        new CompressedExportTable(
            new AddressRegions(List.of(new AddressRegions.Region(0x1000, 0x100000, 4))));
    Random random = new Random(5);
    for (long owner = 0; owner < 40; owner++) {
      List<ExportedSymbol> exports = new ArrayList<>();
      for (int i = random.nextInt(400); i >= 0; i--) {
        exports.add(
            new ExportedSymbol(
                "thing_" + owner + "_" + Integer.toString(random.nextInt(), 36) + i,
                random.nextInt(0x100000),
                random.nextBoolean() ? (Integer) random.nextInt() : null,
                random.nextBoolean(),
                random.nextInt(9) == 0 ? "SPACE" : "",
                owner));
      }
      table.add(exports);
      if (random.nextBoolean()) {
        table.removeAll(random.nextInt((int) owner + 1));
      }
      long told = table.bytes();
      table.pack();
      assertThat(told).isEqualTo(table.bytes()).isEqualTo(measured(table));
    }
    assertThat(table.size()).isGreaterThan(2000);
  }

  @Test
  void twelveBytesASymbolForDebiansKernel() throws Exception {
    String debian = System.getenv("LINKOUT_DEBIAN");
    assumeThat(debian).as("LINKOUT_DEBIAN").isNotNull();
    List<ExportedSymbol> exports = new ArrayList<>();
    try (Stream<Path> trees = Files.list(Path.of(debian, "usr/src"))) {
      Path symvers =
          trees
              .map(tree -> tree.resolve("Module.symvers"))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      for (String line : Files.readAllLines(symvers)) {
        String[] row = line.split("\t", -1);
        if (row[2].equals("vmlinux")) {
          exports.add(
              new ExportedSymbol(
                  row[1],
                  0,
                  Integer.parseUnsignedInt(row[0].substring(2), 16),
                  row[3].equals("EXPORT_SYMBOL_GPL"),
                  row[4],
                  0));
        }
      }
    }
    exports.sort(Comparator.comparing(ExportedSymbol::name));
    // Nine in ten are absent and have addresses in the order of their names, the rest anywhere.
    Random random = new Random(1);
    int[] rank = {0};
    exports.replaceAll(
        e ->
            new ExportedSymbol(
                e.name(),
                random.nextInt(10) == 0
                    ? 0xffffffff81000000L + 16L * random.nextInt(33_000)
                    : 0xffffffff90000000L + 0x2000L * rank[0]++,
                e.crc(),
                e.gplOnly(),
                e.namespace(),
                0));
    CompressedExportTable table =
        new CompressedExportTable(
            new AddressRegions(
                List.of(
                    new AddressRegions.Region(0xffffffff90000000L, 0xffffffffa0000000L, 13),
                    new AddressRegions.Region(0xffffffff81000000L, 0xffffffff82000000L, 4))));
    table.add(exports);
    table.pack();
    assertThat(exports).hasSizeGreaterThan(10_000);
    assertThat(measured(table)).isEqualTo(table.bytes()).isLessThanOrEqualTo(12L * table.size());
  }

  private static long measured(CompressedExportTable table) {
    return GraphLayout.parseInstance(table).totalSize();
  }
}
