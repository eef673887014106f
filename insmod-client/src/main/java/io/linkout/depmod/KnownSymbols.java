package io.linkout.depmod;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/** Reads which symbols the kernel itself exports, for {@code -e}. */
final class KnownSymbols {
  private static final String TABLE = "__ksymtab_";

  /** Symbols that the loader makes up. */
  private static final String[] MADE_UP = {"__this_module", "_GLOBAL_OFFSET_TABLE_", "TOC."};

  private final SymbolOwners owners;
  private final Report report;

  KnownSymbols(SymbolOwners owners, Report report) {
    this.owners = owners;
    this.report = report;
  }

  /**
   * Adds the rows of a {@code Module.symvers} that belong to vmlinux, with their CRCs.
   *
   * @throws DepmodException if it can't be read
   */
  void symvers(Path file) {
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        StringTokenizer words = new StringTokenizer(line, " \t");
        if (words.countTokens() < 3) {
          continue;
        }
        String crc = words.nextToken();
        String symbol = words.nextToken();
        if (!words.nextToken().equals("vmlinux")) {
          continue;
        }
        try {
          String digits = crc.startsWith("0x") ? crc.substring(2) : crc;
          add(symbol, Long.parseUnsignedLong(digits, 16));
        } catch (NumberFormatException e) {
          report.error(file + ":" + number + " Invalid symbol version " + crc);
        }
      }
    } catch (IOException e) {
      throw new DepmodException("could not load " + file + ": " + FactsReader.reason(e));
    }
    madeUp();
  }

  /**
   * Adds the symbols that a {@code System.map} has a {@code __ksymtab_} entry for.
   *
   * @throws DepmodException if it can't be read
   */
  void systemMap(Path file) {
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        int first = line.indexOf(' ');
        int second = first < 0 ? -1 : line.indexOf(' ', first + 1);
        if (second < 0) {
          report.error(file + ":" + number + ": invalid line: " + line);
        } else if (line.startsWith(TABLE, second + 1)) {
          add(line.substring(second + 1 + TABLE.length()), 0);
        }
      }
    } catch (IOException e) {
      throw new DepmodException("could not load " + file + ": " + FactsReader.reason(e));
    }
    madeUp();
  }

  private void madeUp() {
    for (String symbol : MADE_UP) {
      add(symbol, 0);
    }
  }

  private void add(String symbol, long crc) {
    byte[] name = symbol.getBytes(StandardCharsets.ISO_8859_1);
    owners.add(name, 0, name.length, crc, SymbolOwners.KERNEL);
  }
}
