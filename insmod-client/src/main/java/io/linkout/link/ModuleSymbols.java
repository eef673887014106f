package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SymbolTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and addresses of a module that is loaded already, from its file and where its segments lie:
 * the layout depends on the file alone, so it can be made again. The kernel keeps no symbols of its
 * own; this is what finds static functions, and names the addresses of an oops.
 */
public final class ModuleSymbols {
  /**
   * A symbol.
   *
   * @param address guest address
   * @param size bytes, 0 if not said
   * @param type nm's letter
   */
  public record Symbol(String name, long address, long size, char type) {
    /** Returns true if it is code. */
    public boolean isText() {
      return Character.toLowerCase(type) == 't' || type == 'W';
    }
  }

  /**
   * An address as kallsyms has it.
   *
   * @param symbol at or before the address
   * @param offset from it in bytes
   * @param size bytes of it, or up to what follows where it says none
   */
  public record Location(Symbol symbol, long offset, long size) {
    @Override
    public String toString() {
      return symbol.name + "+0x" + Long.toHexString(offset) + "/0x" + Long.toHexString(size);
    }
  }

  /** Bytes beyond a symbol's end after which no larger one before it is looked for. */
  private static final long LARGEST_GAP = 1 << 24;

  private final List<Symbol> byAddress;

  private ModuleSymbols(List<Symbol> byAddress) {
    this.byAddress = byAddress;
  }

  /**
   * Returns the symbols of {@code elf} with its segments at {@code bases}, the guest address of
   * each kind; of two segments of a kind, the first. Symbols of kinds that are not there, such as
   * those freed after init, are left out.
   *
   * @throws io.linkout.elf.MalformedElfException if the file can't be laid out
   */
  public static ModuleSymbols of(ElfFile elf, Map<SegmentKind, Long> bases) {
    LinkPlan plan = LinkPlan.loaded(elf, bases);
    ModuleLayout layout = plan.layout();
    SymbolTable table = elf.symbols();
    List<Symbol> symbols = new ArrayList<>();
    for (int i = 1; i < table.count(); i++) {
      int section = table.section(i);
      int segment =
          section > 0
              ? layout.segmentOf(section)
              : section == SymbolTable.COMMON ? layout.commonSegment() : -1;
      if (segment < 0
          || segment >= layout.requests().size()
          || plan.segmentAddress(segment) == LinkPlan.NO_ADDRESS
          || table.type(i) == Elf.STT_SECTION
          || table.type(i) == Elf.STT_FILE) {
        continue;
      }
      String name = table.name(i);
      if (!name.isEmpty() && !name.startsWith(".L")) {
        symbols.add(new Symbol(name, plan.value(i), table.size(i), SymbolType.of(elf, i)));
      }
    }
    symbols.sort((a, b) -> Long.compareUnsigned(a.address, b.address));
    return new ModuleSymbols(symbols);
  }

  /** Returns all symbols by address. */
  public List<Symbol> symbols() {
    return byAddress;
  }

  /** Returns the symbol called {@code name}, a global one before a static one, or null. */
  public @Nullable Symbol find(String name) {
    Symbol found = null;
    for (Symbol symbol : byAddress) {
      if (symbol.name.equals(name)) {
        if (Character.isUpperCase(symbol.type)) {
          return symbol;
        }
        found = found == null ? symbol : found;
      }
    }
    return found;
  }

  /**
   * Returns what {@code address} lies in: the last symbol at or before it that covers it or says no
   * size, of several at one address the largest; null if there is none.
   */
  public @Nullable Location locate(long address) {
    int at = lastAtOrBefore(address);
    Symbol best = null;
    for (int i = at; i >= 0 && best == null; i--) {
      Symbol symbol = byAddress.get(i);
      long offset = address - symbol.address;
      if (symbol.size == 0 ? i == at : offset < symbol.size) {
        best = symbol;
        for (int k = i - 1; k >= 0 && byAddress.get(k).address == symbol.address; k--) {
          best = byAddress.get(k).size > best.size ? byAddress.get(k) : best;
        }
      } else if (offset > LARGEST_GAP) {
        return null;
      }
    }
    if (best == null) {
      return null;
    }
    return new Location(best, address - best.address, sizeOf(best, at));
  }

  private long sizeOf(Symbol symbol, int last) {
    if (symbol.size != 0) {
      return symbol.size;
    }
    return last + 1 < byAddress.size() ? byAddress.get(last + 1).address - symbol.address : 0;
  }

  private int lastAtOrBefore(long address) {
    int low = 0;
    int high = byAddress.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(byAddress.get(middle).address, address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
