package io.linkout.link.x86_64;

import io.linkout.elf.Elf;
import io.linkout.elf.SymbolTable;
import io.linkout.link.Complaints;
import io.linkout.link.LinkPlan;
import io.linkout.link.RelocationSection;
import java.nio.ByteBuffer;

/**
 * Applies relocations: one loop over the entries as they lie in the file, without an object for an
 * entry. All checks of an entry that can be applied are comparisons of numbers at hand; whatever is
 * wrong with one that can't is found out a second time, in {@link #explain}, where time does not
 * matter.
 */
final class Relocator {
  private static final int NONE = 0;
  private static final int ABS64 = 1;
  private static final int PC32 = 2;
  private static final int PLT32 = 4;
  private static final int ABS32 = 10;
  private static final int ABS32S = 11;
  private static final int PC64 = 24;

  private Relocator() {}

  /** Applies all of {@code section}, complaining of those that can't be applied. */
  static void apply(RelocationSection section, Complaints complaints) {
    int from = 0;
    while (from < section.count()) {
      from = run(section, from);
      if (from < section.count()) {
        complaints.addBulk(explain(section, from));
        from++;
      }
    }
  }

  /**
   * Applies entries from {@code from} on; returns the first that can't be applied, or the count.
   */
  private static int run(RelocationSection section, int from) {
    ByteBuffer entries = section.entries();
    ByteBuffer target = section.target();
    long[] values = section.values();
    int count = section.count();
    int start = section.start();
    int base = section.targetStart();
    long address = section.address();
    long last4 = section.targetSize() - 4L;
    long last8 = section.targetSize() - 8L;
    for (int i = from; i < count; i++) {
      int at = start + i * Elf.RELA_SIZE;
      long offset = entries.getLong(at);
      long info = entries.getLong(at + 8);
      int symbol = (int) (info >>> 32);
      if (symbol < 0 || symbol >= values.length) {
        return i;
      }
      long value = values[symbol];
      int type = (int) info;
      if (value == LinkPlan.NO_ADDRESS && type != NONE) {
        return i;
      }
      long result = value + entries.getLong(at + 16);
      if (type == PC32 || type == PLT32) {
        result -= address + offset;
        if (offset < 0 || offset > last4 || result != (int) result) {
          return i;
        }
        int place = base + (int) offset;
        if (target.getInt(place) != 0) {
          return i;
        }
        target.putInt(place, (int) result);
      } else if (type == ABS32S || type == ABS32) {
        long fits = type == ABS32S ? (int) result : result & 0xffffffffL;
        if (offset < 0 || offset > last4 || result != fits) {
          return i;
        }
        int place = base + (int) offset;
        if (target.getInt(place) != 0) {
          return i;
        }
        target.putInt(place, (int) result);
      } else if (type == ABS64 || type == PC64) {
        if (offset < 0 || offset > last8) {
          return i;
        }
        int place = base + (int) offset;
        if (target.getLong(place) != 0) {
          return i;
        }
        target.putLong(place, type == ABS64 ? result : result - (address + offset));
      } else if (type != NONE) {
        return i;
      }
    }
    return count;
  }

  /** Returns why entry {@code index} can't be applied: one line with symbol, section and offset. */
  private static String explain(RelocationSection section, int index) {
    int at = section.start() + index * Elf.RELA_SIZE;
    long offset = section.entries().getLong(at);
    long info = section.entries().getLong(at + 8);
    long addend = section.entries().getLong(at + 16);
    int symbol = (int) (info >>> 32);
    int number = (int) info;
    String where = "section " + section.targetName() + " offset 0x" + Long.toHexString(offset);
    if (symbol < 0 || symbol >= section.values().length) {
      return "relocation "
          + index
          + " of "
          + where
          + ": symbol index "
          + Integer.toUnsignedString(symbol)
          + " out of range ("
          + section.values().length
          + " symbols)";
    }
    Relocation type = Relocation.of(number);
    String against = " against " + section.elf().describeSymbol(symbol) + " in " + where;
    if (type == null) {
      return "relocation type "
          + Integer.toUnsignedString(number)
          + against
          + ": not supported on x86-64";
    }
    if (offset < 0 || offset > section.targetSize() - (long) type.width()) {
      return type + against + ": lies outside the section of " + section.targetSize() + " bytes";
    }
    if (section.values()[symbol] == LinkPlan.NO_ADDRESS) {
      return type
          + against
          + ": the symbol is in section "
          + sectionOf(section, symbol)
          + ", which is not loaded";
    }
    long result = section.values()[symbol] + addend;
    boolean relative =
        type == Relocation.R_X86_64_PC32
            || type == Relocation.R_X86_64_PLT32
            || type == Relocation.R_X86_64_PC64;
    if (relative) {
      result -= section.address() + offset;
    }
    boolean fits =
        type.width() == 8
            || (type == Relocation.R_X86_64_32 ? result >>> 32 == 0 : result == (int) result);
    if (!fits) {
      return type
          + against
          + ": overflow, 0x"
          + Long.toHexString(result)
          + " does not fit ("
          + type.formula()
          + ")";
    }
    return type + against + ": the place is not zero, it was relocated before or is no place";
  }

  private static String sectionOf(RelocationSection section, int symbol) {
    SymbolTable symbols = section.elf().symbols();
    int index = symbols.section(symbol);
    return index > 0 ? section.elf().sections().name(index) : "none";
  }
}
