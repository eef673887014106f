package io.linkout.cli;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.MalformedElfException;
import io.linkout.elf.SymbolTable;
import io.linkout.link.Versions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Prints the CRCs in a module's file: of what it imports, and of what it exports. */
final class SymbolVersions {
  private static final String CRC = "__crc_";

  private SymbolVersions() {}

  /** Prints the versions of what {@code file} imports, in the file's order. */
  static int showVersions(String file, Console console, ModprobeMessages messages) {
    if (!Files.exists(Path.of(file))) {
      messages.operand("Module " + file + " not found.");
      return 1;
    }
    try (ElfFile elf = ElfFile.open(Path.of(file))) {
      Versions versions = Versions.of(elf);
      if (!versions.present()) {
        messages.operand("could not get modversions of " + file + ": " + ErrnoText.of(2));
        return 1;
      }
      for (Map.Entry<String, Integer> version : versions.all().entrySet()) {
        print(version.getValue(), version.getKey(), console);
      }
      return 0;
    } catch (IOException e) {
      messages.operand("could not get modversions of " + file + ": " + FileReason.of(e));
    } catch (MalformedElfException e) {
      messages.operand("could not get modversions of " + file + ": " + e.reason());
    }
    return 1;
  }

  /** Prints the versions of what {@code file} exports, in the order of its symbols. */
  static int showExports(String file, Console console, ModprobeMessages messages) {
    if (!Files.exists(Path.of(file))) {
      messages.operand("Module " + file + " not found.");
      return 1;
    }
    try (ElfFile elf = ElfFile.open(Path.of(file))) {
      if (printCrcSymbols(elf, console) || printNames(elf, console)) {
        return 0;
      }
      messages.operand("could not get symbols of " + file + ": " + ErrnoText.of(2));
    } catch (IOException e) {
      messages.operand("could not get symbols of " + file + ": " + FileReason.of(e));
    } catch (MalformedElfException e) {
      messages.operand("could not get symbols of " + file + ": " + e.reason());
    }
    return 1;
  }

  /**
   * An export's CRC is the value of its symbol {@code __crc_NAME}, or (since Linux 4.10) lies at
   * it.
   */
  private static boolean printCrcSymbols(ElfFile elf, Console console) {
    if (!elf.hasSymbols()) {
      return false;
    }
    SymbolTable symbols = elf.symbols();
    boolean some = false;
    for (int i = 1; i < symbols.count(); i++) {
      String name = symbols.name(i);
      if (!name.startsWith(CRC)) {
        continue;
      }
      int section = symbols.section(i);
      long value = symbols.value(i);
      if (section > 0) {
        ByteBuffer table = elf.contents(section);
        if (value < 0 || value > table.limit() - 4) {
          throw elf.malformed("symbol " + name + " is outside its section");
        }
        value = table.getInt((int) value);
      } else if (section != SymbolTable.ABS) {
        continue;
      }
      some = true;
      print((int) value, name.substring(CRC.length()), console);
    }
    return some;
  }

  /** Without versions the names are in {@code __ksymtab_strings}, each ended by NUL. */
  private static boolean printNames(ElfFile elf, Console console) {
    int section = elf.sections().find("__ksymtab_strings");
    if (section == 0 || elf.sections().type(section) == Elf.SHT_NOBITS) {
      return false;
    }
    long size = elf.sections().size(section);
    for (long at = 0; at < size; ) {
      String name = elf.string(section, at);
      at += name.length() + 1;
      if (!name.isEmpty()) {
        print(0, name, console);
      }
    }
    return true;
  }

  private static void print(int crc, String symbol, Console console) {
    console.line("0x" + Numbers.padded(Integer.toHexString(crc), 8, '0') + "\t" + symbol);
  }
}
