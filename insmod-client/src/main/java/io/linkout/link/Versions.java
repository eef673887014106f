package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The symbol versions a module was built against: {@code __versions}, entries of 64 bytes (u64 CRC,
 * char name[56]; {@code include/linux/module.h}: struct modversion_info, 6.1), or {@code
 * __version_ext_crcs} with {@code __version_ext_names} (6.13: {@code kernel/module/version.c}),
 * which win where both are there.
 */
public final class Versions {
  private static final int ENTRY = 64;
  private static final int NAME = 56;

  private final Map<String, Integer> crcs;
  private final boolean present;

  private Versions(Map<String, Integer> crcs, boolean present) {
    this.crcs = crcs;
    this.present = present;
  }

  /**
   * Returns the versions of {@code elf}.
   *
   * @throws io.linkout.elf.MalformedElfException if a table is torn, or one of the two is missing
   */
  public static Versions of(ElfFile elf) {
    int crcs = elf.sections().find("__version_ext_crcs");
    int names = elf.sections().find("__version_ext_names");
    if ((crcs == 0) != (names == 0)) {
      throw elf.malformed(
          crcs == 0
              ? "section __version_ext_names without __version_ext_crcs"
              : "section __version_ext_crcs without __version_ext_names");
    }
    if (crcs != 0) {
      return new Versions(extended(elf, crcs, names), true);
    }
    int table = elf.sections().find("__versions");
    if (table == 0) {
      return new Versions(Map.of(), false);
    }
    return new Versions(plain(elf, table), true);
  }

  private static Map<String, Integer> plain(ElfFile elf, int section) {
    Map<String, Integer> found = new LinkedHashMap<>();
    ByteBuffer table = bytes(elf, section);
    if (table.limit() % ENTRY != 0) {
      throw elf.malformed(
          "section __versions: " + table.limit() + " bytes are no whole number of entries");
    }
    byte[] name = new byte[NAME];
    for (int at = 0; at < table.limit(); at += ENTRY) {
      table.get(at + ENTRY - NAME, name);
      int length = 0;
      while (length < NAME && name[length] != 0) {
        length++;
      }
      if (length == NAME) {
        throw elf.malformed("section __versions: name at offset " + (at + 8) + " has no end");
      }
      found.putIfAbsent(
          new String(name, 0, length, StandardCharsets.ISO_8859_1), (int) table.getLong(at));
    }
    return found;
  }

  private static Map<String, Integer> extended(ElfFile elf, int crcs, int names) {
    Map<String, Integer> found = new LinkedHashMap<>();
    ByteBuffer numbers = bytes(elf, crcs);
    long at = 0;
    for (int i = 0; i + 4 <= numbers.limit(); i += 4) {
      String name = elf.string(names, at);
      at += name.length() + 1;
      found.putIfAbsent(name, numbers.getInt(i));
    }
    return found;
  }

  private static ByteBuffer bytes(ElfFile elf, int section) {
    if (elf.sections().type(section) == Elf.SHT_NOBITS) {
      throw elf.malformed("section " + elf.sections().name(section) + " has no bytes");
    }
    return elf.contents(section);
  }

  /** Returns true if the module has versions at all. */
  public boolean present() {
    return present;
  }

  /** Returns the CRC that {@code symbol} had when the module was built, or null if not said. */
  public @Nullable Integer crcOf(String symbol) {
    return crcs.get(symbol);
  }

  /** Returns all versions, in the table's order. */
  public Map<String, Integer> all() {
    return Collections.unmodifiableMap(crcs);
  }
}
