package io.linkout.cli;

import io.linkout.elf.ElfFile;
import io.linkout.link.ModuleSections;
import io.linkout.link.ModuleSymbols;
import io.linkout.link.SegmentKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module's file and where it lies or lay: names its addresses, with lines of source code where
 * the file has debug information.
 */
final class NamedModule {
  private final String name;
  private final @Nullable Long base;
  private final ModuleSymbols symbols;
  private final ModuleSections sections;
  private final @Nullable SourceLines lines;

  private NamedModule(
      String name,
      @Nullable Long base,
      ModuleSymbols symbols,
      ModuleSections sections,
      @Nullable SourceLines lines) {
    this.name = name;
    this.base = base;
    this.symbols = symbols;
    this.sections = sections;
    this.lines = lines;
  }

  /**
   * Reads what is needed of {@code elf}, which stays the caller's.
   *
   * @param base guest address that offsets into the module count from, null if it is not known
   * @param bases guest address of each kind of segment that is known
   * @throws io.linkout.elf.MalformedElfException if the file can't be laid out
   */
  static NamedModule of(
      String name, @Nullable Long base, Map<SegmentKind, Long> bases, ElfFile elf) {
    return new NamedModule(
        name,
        base,
        ModuleSymbols.of(elf, bases),
        ModuleSections.of(elf, bases),
        SourceLines.of(elf));
  }

  /**
   * Returns the name of the address {@code offset} bytes after {@code symbol}: one of the module's,
   * or the module's own name for its first byte. Null if it has none.
   *
   * @param after the address is that after a call, which may be the last instruction of its
   *     function
   */
  @Nullable String name(String symbol, long offset, boolean after) {
    if (symbol.equals(name)) {
      Long first = base;
      return first == null ? null : name(first + offset, after);
    }
    ModuleSymbols.Symbol found = symbols.find(symbol);
    return found == null ? null : name(found.address() + offset, after);
  }

  /** Returns {@code function+0xoff/0xsize [module]} for {@code address}, or null. */
  @Nullable String name(long address, boolean after) {
    long back = after ? 1 : 0;
    ModuleSymbols.Location found = symbols.locate(address - back);
    ModuleSections.Section section = sections.at(address - back);
    if (found == null || section == null) {
      return null;
    }
    StringBuilder text = new StringBuilder(found.symbol().name());
    text.append("+0x").append(Long.toHexString(found.offset() + back));
    text.append("/0x").append(Long.toHexString(found.size()));
    text.append(" [").append(name).append(']');
    SourceLines source = lines;
    if (source != null) {
      String line = source.at(section.name(), address - back - section.address());
      if (line != null) {
        text.append(" (").append(line).append(')');
      }
    }
    return text.toString();
  }
}
