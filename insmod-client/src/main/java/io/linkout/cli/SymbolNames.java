package io.linkout.cli;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SymbolTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** The functions and variables of one module, by guest address. */
final class SymbolNames {
  /** A function or variable: guest address, size in bytes. */
  record Symbol(String name, long address, long size, boolean global) {}

  /**
   * By address; of two names for one address the one that people know it by comes last: that with a
   * size, and the global one.
   */
  private static final Comparator<Symbol> ORDER =
      new Comparator<>() {
        @Override
        public int compare(Symbol a, Symbol b) {
          int order = Long.compareUnsigned(a.address(), b.address());
          order = order != 0 ? order : Boolean.compare(a.size() > 0, b.size() > 0);
          return order != 0 ? order : Boolean.compare(a.global(), b.global());
        }
      };

  private final String module;
  private final List<Symbol> functions = new ArrayList<>();
  private final List<Symbol> variables = new ArrayList<>();

  private SymbolNames(String module) {
    this.module = module;
  }

  /**
   * Reads the symbols of {@code elf}.
   *
   * @param value final guest address of a symbol by its index
   * @param hasAddress whether the symbol of that index has one
   */
  static SymbolNames of(
      String module, ElfFile elf, IntToLongFunction value, IntPredicate hasAddress) {
    SymbolNames names = new SymbolNames(module);
    SymbolTable symbols = elf.symbols();
    for (int i = 1; i < symbols.count(); i++) {
      int section = symbols.section(i);
      int type = symbols.type(i);
      if (section <= 0 || type == Elf.STT_SECTION || type == Elf.STT_FILE || !hasAddress.test(i)) {
        continue;
      }
      String name = symbols.name(i);
      if (!name.isEmpty()) {
        boolean code = elf.sections().has(section, Elf.SHF_EXECINSTR);
        boolean global = symbols.binding(i) != Elf.STB_LOCAL;
        (code ? names.functions : names.variables)
            .add(new Symbol(name, value.applyAsLong(i), symbols.size(i), global));
      }
    }
    names.functions.sort(ORDER);
    return names;
  }

  /** Returns the function or variable called {@code name}, a global one first, or null. */
  @Nullable Symbol find(String name) {
    Symbol found = find(name, functions);
    return found == null ? find(name, variables) : found;
  }

  private static @Nullable Symbol find(String name, List<Symbol> symbols) {
    Symbol found = null;
    for (Symbol symbol : symbols) {
      if (symbol.name().equals(name) && (found == null || symbol.global())) {
        found = symbol;
      }
    }
    return found;
  }

  /**
   * Returns {@code function+0xoff/0xsize [module]} for an address inside a function, else null.
   *
   * <p>A function without a size reaches to the next one.
   */
  @Nullable String describe(long address) {
    int low = 0;
    int high = functions.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(functions.get(middle).address(), address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return null;
    }
    Symbol function = functions.get(low - 1);
    long size = function.size();
    if (size == 0 && low < functions.size()) {
      size = functions.get(low).address() - function.address();
    }
    long offset = address - function.address();
    // the address after the last byte is where a call that never returns would
    if (Long.compareUnsigned(offset, size) > 0) {
      return null;
    }
    return function.name()
        + "+0x"
        + Long.toHexString(offset)
        + "/0x"
        + Long.toHexString(size)
        + " ["
        + module
        + "]";
  }
}
