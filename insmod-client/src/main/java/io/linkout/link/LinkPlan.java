package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SymbolTable;
import java.util.Map;

/**
 * A layout with addresses: where each section and each symbol of the module's own lies. From here
 * on no address changes.
 */
public final class LinkPlan {
  /** Value of a symbol in a section that is not loaded; only ever compared with. */
  public static final long NO_ADDRESS = 0x7f0d_dead_0bad_f00dL;

  private final ElfFile elf;
  private final ModuleLayout layout;
  private final long[] segmentAddresses;

  /**
   * The plan of {@code layout} with its segments at {@code segmentAddresses}, guest addresses in
   * the order of its requests; more of them than requests do no harm.
   */
  public LinkPlan(ElfFile elf, ModuleLayout layout, long[] segmentAddresses) {
    this.elf = elf;
    this.layout = layout;
    this.segmentAddresses = segmentAddresses.clone();
  }

  /**
   * Returns the plan of a module that is loaded already, whose segments lie at {@code bases}, the
   * guest address of each kind; of two segments of a kind, the first. A kind that is not there,
   * such as those freed after init, has no address.
   *
   * @throws io.linkout.elf.MalformedElfException if the file can't be laid out
   */
  static LinkPlan loaded(ElfFile elf, Map<SegmentKind, Long> bases) {
    ModuleLayout layout = ModuleLayout.of(elf);
    long[] addresses = new long[layout.requests().size()];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = bases.getOrDefault(layout.requests().get(i).kind(), NO_ADDRESS);
    }
    return new LinkPlan(elf, layout, addresses);
  }

  /** Returns the file. */
  public ElfFile elf() {
    return elf;
  }

  /** Returns the layout. */
  public ModuleLayout layout() {
    return layout;
  }

  /** Returns the guest address of {@code segment}; for PERCPU an offset; or NO_ADDRESS. */
  public long segmentAddress(int segment) {
    return segmentAddresses[segment];
  }

  /** Returns the guest address of {@code section}, {@link #NO_ADDRESS} if it is not loaded. */
  public long sectionAddress(int section) {
    int segment = layout.segmentOf(section);
    if (segment == ModuleLayout.NOT_LOADED || segment >= segmentAddresses.length) {
      return NO_ADDRESS;
    }
    long base = segmentAddresses[segment];
    return base == NO_ADDRESS ? NO_ADDRESS : base + layout.offsetOf(section);
  }

  /** Returns the value of {@code symbol}, {@link #NO_ADDRESS} if it has none. */
  long value(int symbol) {
    SymbolTable symbols = elf.symbols();
    int section = symbols.section(symbol);
    if (section > 0) {
      long base = sectionAddress(section);
      return base == NO_ADDRESS ? NO_ADDRESS : base + symbols.value(symbol);
    }
    return section == Elf.SHN_UNDEF ? NO_ADDRESS : valueOfReserved(symbols, symbol, section);
  }

  /**
   * Fills in the value of every symbol that is not undefined; undefined ones keep theirs.
   *
   * @param values one for each symbol
   */
  public void fillValues(long[] values) {
    SymbolTable symbols = elf.symbols();
    long[] bases = new long[elf.sections().count()];
    for (int i = 0; i < bases.length; i++) {
      bases[i] = sectionAddress(i);
    }
    for (int i = 1; i < values.length; i++) {
      int section = symbols.section(i);
      if (section > 0) {
        long base = bases[section];
        values[i] = base == NO_ADDRESS ? NO_ADDRESS : base + symbols.value(i);
      } else if (section != Elf.SHN_UNDEF) {
        values[i] = valueOfReserved(symbols, i, section);
      }
    }
  }

  private long valueOfReserved(SymbolTable symbols, int symbol, int section) {
    if (section == SymbolTable.ABS) {
      return symbols.value(symbol);
    }
    if (section == SymbolTable.COMMON) {
      if (layout.commonSegment() >= segmentAddresses.length
          || segmentAddresses[layout.commonSegment()] == NO_ADDRESS) {
        return NO_ADDRESS;
      }
      return segmentAddresses[layout.commonSegment()] + layout.commonOffset(symbol);
    }
    throw elf.malformed(
        "symbol "
            + elf.describeSymbol(symbol)
            + ": section index "
            + -section
            + " is reserved and means nothing here");
  }
}
