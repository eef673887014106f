package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SectionHeaders;
import io.linkout.elf.SymbolTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes where everything lies, for {@code --map}: a line {@code ADDRESS SIZE FLAGS SECTION} for
 * each loaded section, then a line {@code ADDRESS TYPE SYMBOL} for each named symbol, both by
 * address. Addresses are 16 hexadecimal digits, sizes hexadecimal with {@code 0x}; flags are those
 * of readelf (A, W, X); types those of nm, imports as U.
 */
public final class MapWriter {
  private record Row(long address, String rest) {}

  private MapWriter() {}

  /**
   * Writes the map of {@code module} to {@code out}.
   *
   * @throws IOException if {@code out} does
   */
  public static void write(LinkedModule module, Appendable out) throws IOException {
    write(sections(module.plan()), out);
    write(symbols(module), out);
  }

  private static List<Row> sections(LinkPlan plan) {
    SectionHeaders sections = plan.elf().sections();
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < sections.count(); i++) {
      if (plan.layout().isLoaded(i)) {
        rows.add(
            new Row(
                plan.sectionAddress(i),
                "0x"
                    + Long.toHexString(sections.size(i))
                    + " "
                    + flags(sections, i)
                    + " "
                    + sections.name(i)));
      }
    }
    return rows;
  }

  private static String flags(SectionHeaders sections, int section) {
    return (sections.has(section, Elf.SHF_WRITE) ? "W" : "")
        + "A"
        + (sections.has(section, Elf.SHF_EXECINSTR) ? "X" : "");
  }

  private static List<Row> symbols(LinkedModule module) {
    ElfFile elf = module.plan().elf();
    SymbolTable symbols = elf.symbols();
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < symbols.count(); i++) {
      String name = symbols.name(i);
      int type = symbols.type(i);
      if (name.isEmpty()
          || type == Elf.STT_SECTION
          || type == Elf.STT_FILE
          || module.symbolValue(i) == LinkPlan.NO_ADDRESS) {
        continue;
      }
      rows.add(new Row(module.symbolValue(i), SymbolType.of(elf, i) + " " + name));
    }
    return rows;
  }

  private static void write(List<Row> rows, Appendable out) throws IOException {
    rows.sort(
        Comparator.comparingLong((Row row) -> row.address ^ Long.MIN_VALUE)
            .thenComparing(Row::rest));
    for (Row row : rows) {
      out.append(HexFormat.of().toHexDigits(row.address)).append(' ').append(row.rest).append('\n');
    }
  }
}
