package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SectionHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What other modules need to know of a module, read from its file alone, before anything has an
 * address: what it exports, and how large its {@code struct module} is.
 *
 * @param path as the user gave it
 * @param thisModuleSize bytes of {@code .gnu.linkonce.this_module}, 0 if there is none
 */
public record ModuleOutline(String name, String path, long thisModuleSize, List<Export> exports) {
  /**
   * An export as the file has it.
   *
   * @param crc null if the file gives none
   * @param namespace empty if none
   */
  public record Export(String name, @Nullable Integer crc, boolean gplOnly, String namespace) {}

  /**
   * An entry of an export table.
   *
   * @param value what it will point at, null if it points nowhere
   */
  record Entry(Export export, FilePointers.@Nullable Target value) {}

  /**
   * Returns the outline of {@code file}. What is torn in its tables is left out here: the link
   * itself complains of it.
   *
   * @throws io.linkout.elf.MalformedElfException if a name lies outside its section
   */
  public static ModuleOutline of(ModuleFile file) {
    ElfFile elf = file.elf();
    int self = elf.sections().find(ModuleFile.THIS_MODULE);
    List<Export> exports = new ArrayList<>();
    for (Entry entry : entries(elf)) {
      exports.add(entry.export);
    }
    long size = self == 0 ? 0 : elf.sections().size(self);
    return new ModuleOutline(file.name(), file.path(), size, List.copyOf(exports));
  }

  /** Returns what the export tables of {@code elf} hold, as {@link #of} does. */
  static List<Entry> entries(ElfFile elf) {
    List<Entry> entries = new ArrayList<>();
    if (elf.hasSymbols()) {
      read(elf, "__ksymtab", "__kcrctab", false, entries);
      read(elf, "__ksymtab_gpl", "__kcrctab_gpl", true, entries);
    }
    return entries;
  }

  private static void read(
      ElfFile elf, String name, String crcName, boolean gplOnly, List<Entry> entries) {
    SectionHeaders sections = elf.sections();
    int table = sections.find(name);
    if (table == 0 || sections.type(table) == Elf.SHT_NOBITS || sections.size(table) == 0) {
      return;
    }
    FilePointers pointers = FilePointers.of(elf, table);
    int crcTable = sections.find(crcName);
    FilePointers crcs = crcTable == 0 ? null : FilePointers.of(elf, crcTable);
    long count = sections.size(table) / ExportTable.ENTRY;
    for (int i = 0; i < count; i++) {
      FilePointers.Target text = pointers.at((long) i * ExportTable.ENTRY + ExportTable.NAME);
      if (text == null || text.section() == 0) {
        continue;
      }
      FilePointers.Target space = pointers.at((long) i * ExportTable.ENTRY + ExportTable.NAMESPACE);
      Export export =
          new Export(
              elf.string(text.section(), text.offset()),
              crcs == null ? null : crc(elf, crcTable, crcs, i),
              gplOnly,
              space == null || space.section() == 0
                  ? ""
                  : elf.string(space.section(), space.offset()));
      entries.add(new Entry(export, pointers.at((long) i * ExportTable.ENTRY)));
    }
  }

  /** Bytes of the file; before 5.19 a relocation against the absolute symbol {@code __crc_NAME}. */
  private static @Nullable Integer crc(ElfFile elf, int table, FilePointers pointers, int index) {
    FilePointers.Target symbol = pointers.at(index * 4L);
    if (symbol != null) {
      return (int) (elf.symbols().value(symbol.symbol()) + symbol.offset());
    }
    if (elf.sections().type(table) == Elf.SHT_NOBITS) {
      return null;
    }
    ByteBuffer bytes = elf.contents(table);
    return index * 4L + 4 <= bytes.limit() ? bytes.getInt(index * 4) : null;
  }
}
