package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SectionHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a module exports, read from its relocated image: {@code __ksymtab} and {@code
 * __ksymtab_gpl}, each entry three rel32 to value, name and namespace ({@code
 * include/linux/export.h}: struct kernel_symbol with PREL32, 6.1), CRCs in {@code __kcrctab*}, u32
 * each in parallel.
 */
final class ExportTable {
  /** Bytes of an entry. */
  static final int ENTRY = 12;

  /** Offset of the pointer to the name. */
  static final int NAME = 4;

  /** Offset of the pointer to the namespace. */
  static final int NAMESPACE = 8;

  private ExportTable() {}

  /** Returns whether {@code elf} has any exports. */
  static boolean isIn(ElfFile elf) {
    return isIn(elf.sections(), "__ksymtab") || isIn(elf.sections(), "__ksymtab_gpl");
  }

  private static boolean isIn(SectionHeaders sections, String table) {
    int section = sections.find(table);
    return section != 0 && sections.size(section) > 0;
  }

  /** Returns the exports, complaining of entries that lead nowhere and of names exported twice. */
  static List<ModuleExport> read(ModuleImage image, Complaints complaints) {
    List<ModuleExport> exports = new ArrayList<>();
    read(image, "__ksymtab", "__kcrctab", false, exports, complaints);
    read(image, "__ksymtab_gpl", "__kcrctab_gpl", true, exports, complaints);
    Set<String> names = new HashSet<>();
    for (ModuleExport export : exports) {
      if (!names.add(export.name())) {
        complaints.add(Errno.ENOEXEC, "symbol " + export.name() + " is exported twice");
      }
    }
    return exports;
  }

  private static void read(
      ModuleImage image,
      String table,
      String crcTable,
      boolean gplOnly,
      List<ModuleExport> exports,
      Complaints complaints) {
    LinkPlan plan = image.plan();
    SectionHeaders sections = plan.elf().sections();
    int section = loaded(plan, table);
    if (section == 0) {
      return;
    }
    int crcs = loaded(plan, crcTable);
    long size = sections.size(section);
    if (size % ENTRY != 0) {
      complaints.add(
          Errno.ENOEXEC,
          "section " + table + ": " + size + " bytes are no whole number of exports");
      return;
    }
    if (crcs != 0 && sections.size(crcs) / 4 != size / ENTRY) {
      complaints.add(
          Errno.ENOEXEC,
          "section "
              + crcTable
              + ": "
              + sections.size(crcs) / 4
              + " versions for "
              + size / ENTRY
              + " exports");
      return;
    }
    for (int i = 0; i < size / ENTRY; i++) {
      long at = plan.sectionAddress(section) + (long) i * ENTRY;
      String name = image.string(relative(image, at + NAME));
      if (name == null || name.isEmpty()) {
        complaints.add(Errno.ENOEXEC, "section " + table + ": export " + i + " has no name");
        continue;
      }
      String namespace =
          image.getInt(at + NAMESPACE) == 0 ? "" : image.string(relative(image, at + NAMESPACE));
      Integer crc = crcs == 0 ? null : image.getInt(plan.sectionAddress(crcs) + (long) i * 4);
      exports.add(
          new ModuleExport(
              name, relative(image, at), crc, gplOnly, namespace == null ? "" : namespace));
    }
  }

  private static int loaded(LinkPlan plan, String name) {
    int section = plan.elf().sections().find(name);
    return section != 0
            && plan.layout().isLoaded(section)
            && plan.elf().sections().type(section) != Elf.SHT_NOBITS
        ? section
        : 0;
  }

  private static long relative(ModuleImage image, long at) {
    return at + image.getInt(at);
  }
}
