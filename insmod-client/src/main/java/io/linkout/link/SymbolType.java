package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SectionHeaders;
import io.linkout.elf.SymbolTable;

/** The letter that nm and kallsyms have for a symbol ({@code kernel/module/kallsyms.c}, 6.1). */
final class SymbolType {
  private SymbolType() {}

  /** Returns the letter: lower case for a local symbol, else upper case. */
  static char of(ElfFile elf, int symbol) {
    SymbolTable symbols = elf.symbols();
    int section = symbols.section(symbol);
    int binding = symbols.binding(symbol);
    if (section == Elf.SHN_UNDEF) {
      return binding == Elf.STB_WEAK ? 'w' : 'U';
    }
    if (binding == Elf.STB_WEAK) {
      return symbols.type(symbol) == Elf.STT_OBJECT ? 'V' : 'W';
    }
    char letter = ofSection(elf.sections(), section);
    return binding == Elf.STB_LOCAL ? letter : Character.toUpperCase(letter);
  }

  private static char ofSection(SectionHeaders sections, int section) {
    if (section == SymbolTable.ABS) {
      return 'a';
    }
    if (section == SymbolTable.COMMON) {
      return 'c';
    }
    if (section < 0) {
      return '?';
    }
    if (sections.has(section, Elf.SHF_EXECINSTR)) {
      return 't';
    }
    if (!sections.has(section, Elf.SHF_ALLOC)) {
      return 'n';
    }
    if (!sections.has(section, Elf.SHF_WRITE)) {
      return 'r';
    }
    return sections.type(section) == Elf.SHT_NOBITS ? 'b' : 'd';
  }
}
