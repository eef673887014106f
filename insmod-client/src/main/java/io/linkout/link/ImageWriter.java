package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SectionHeaders;
import io.linkout.elf.SymbolTable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes what was linked as an ELF file, for {@code --image}: ET_EXEC, every loaded section and
 * every symbol with its final address, one program header for each segment. For objdump and gdb;
 * nothing runs it.
 */
public final class ImageWriter {
  private static final int PHDR_SIZE = 56;
  private static final long PAGE = 4096;

  private final LinkedModule module;
  private final ElfFile elf;
  private final SectionHeaders sections;
  private final ModuleImage image;
  private final int[] newIndex;
  private int loaded;

  private ImageWriter(LinkedModule module) {
    this.module = module;
    this.elf = module.plan().elf();
    this.sections = elf.sections();
    this.image = module.image();
    this.newIndex = new int[sections.count()];
    for (int i = 1; i < newIndex.length; i++) {
      if (module.plan().layout().isLoaded(i)) {
        newIndex[i] = ++loaded;
      }
    }
  }

  /**
   * Returns the file's bytes.
   *
   * @param architecture patches sites as the initial values of their keys make them, which changes
   *     the image: to be done after anything else; null leaves them
   */
  public static byte[] write(
      LinkedModule module, @org.jspecify.annotations.Nullable Architecture architecture) {
    if (architecture != null) {
      architecture.patchSites(module);
    }
    return new ImageWriter(module).write();
  }

  private byte[] write() {
    StringTable names = new StringTable();
    StringTable strings = new StringTable();
    byte[] symbols = symbols(strings);
    int segments = image.segmentCount();
    long at = Elf.EHDR_SIZE + (long) segments * PHDR_SIZE;
    long[] segmentOffset = new long[segments];
    for (int i = 0; i < segments; i++) {
      // A file offset and its address differ by whole pages, as loaders want it.
      long address = module.plan().segmentAddress(i);
      segmentOffset[i] = at + ((address - at) & (PAGE - 1));
      at = segmentOffset[i] + image.bytes(i).capacity();
    }
    long symbolOffset = (at + 7) & ~7L;
    long stringOffset = symbolOffset + symbols.length;
    int symtab = loaded + 1;
    int[] nameOf = new int[symtab + 3];
    for (int i = 1; i < newIndex.length; i++) {
      if (newIndex[i] != 0) {
        nameOf[newIndex[i]] = names.add(sections.name(i));
      }
    }
    nameOf[symtab] = names.add(".symtab");
    nameOf[symtab + 1] = names.add(".strtab");
    nameOf[symtab + 2] = names.add(".shstrtab");
    long nameOffset = stringOffset + strings.size();
    long table = (nameOffset + names.size() + 7) & ~7L;
    long total = table + (long) (symtab + 3) * Elf.SHDR_SIZE;
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(total)).order(ByteOrder.LITTLE_ENDIAN);
    fileHeader(out, table, symtab + 3, segments);
    for (int i = 0; i < segments; i++) {
      programHeader(out, i, segmentOffset[i]);
      out.put((int) segmentOffset[i], image.bytes(i), 0, image.bytes(i).capacity());
    }
    out.put((int) symbolOffset, symbols);
    out.put((int) stringOffset, strings.bytes());
    out.put((int) nameOffset, names.bytes());
    for (int i = 1; i < newIndex.length; i++) {
      if (newIndex[i] != 0) {
        loadedHeader(out, table, i, nameOf[newIndex[i]], segmentOffset);
      }
    }
    header(out, table, symtab, nameOf[symtab], Elf.SHT_SYMTAB, 0, 0, symbolOffset, symbols.length);
    int entry = (int) table + symtab * Elf.SHDR_SIZE;
    out.putInt(entry + 40, symtab + 1).putInt(entry + 44, locals()).putLong(entry + 48, 8);
    out.putLong(entry + 56, Elf.SYM_SIZE);
    header(
        out,
        table,
        symtab + 1,
        nameOf[symtab + 1],
        Elf.SHT_STRTAB,
        0,
        0,
        stringOffset,
        strings.size());
    header(
        out, table, symtab + 2, nameOf[symtab + 2], Elf.SHT_STRTAB, 0, 0, nameOffset, names.size());
    return out.array();
  }

  private void fileHeader(ByteBuffer out, long table, int count, int segments) {
    out.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    out.putShort(16, (short) Elf.ET_EXEC).putShort(18, (short) elf.machine()).putInt(20, 1);
    out.putLong(24, module.activation().init()).putLong(32, Elf.EHDR_SIZE).putLong(40, table);
    out.putInt(48, elf.flags()).putShort(52, (short) Elf.EHDR_SIZE);
    out.putShort(54, (short) PHDR_SIZE).putShort(56, (short) segments);
    out.putShort(58, (short) Elf.SHDR_SIZE).putShort(60, (short) count);
    out.putShort(62, (short) (count - 1));
  }

  private void programHeader(ByteBuffer out, int segment, long offset) {
    int at = Elf.EHDR_SIZE + segment * PHDR_SIZE;
    SegmentRequest request = image.request(segment);
    long address = module.plan().segmentAddress(segment);
    int access =
        switch (request.kind()) {
          case TEXT, INIT_TEXT -> 5;
          case RODATA, INIT_RODATA -> 4;
          case RO_AFTER_INIT, DATA, INIT_DATA, PERCPU -> 6;
        };
    out.putInt(at, 1).putInt(at + 4, access).putLong(at + 8, offset);
    out.putLong(at + 16, address).putLong(at + 24, address);
    out.putLong(at + 32, image.bytes(segment).capacity()).putLong(at + 40, request.size());
    out.putLong(at + 48, PAGE);
  }

  private void loadedHeader(
      ByteBuffer out, long table, int section, int name, long[] segmentOffset) {
    int segment = module.plan().layout().segmentOf(section);
    long offset = module.plan().layout().offsetOf(section);
    boolean empty = segment >= segmentOffset.length;
    header(
        out,
        table,
        newIndex[section],
        name,
        sections.type(section),
        sections.flags(section) & (Elf.SHF_ALLOC | Elf.SHF_WRITE | Elf.SHF_EXECINSTR),
        empty ? 0 : module.plan().sectionAddress(section),
        empty ? 0 : segmentOffset[segment] + offset,
        sections.size(section));
    out.putLong((int) table + newIndex[section] * Elf.SHDR_SIZE + 48, sections.align(section));
  }

  private static void header(
      ByteBuffer out,
      long table,
      int index,
      int name,
      int type,
      long flags,
      long address,
      long offset,
      long size) {
    int at = (int) table + index * Elf.SHDR_SIZE;
    out.putInt(at, name).putInt(at + 4, type).putLong(at + 8, flags).putLong(at + 16, address);
    out.putLong(at + 24, offset).putLong(at + 32, size).putLong(at + 48, 1);
  }

  /**
   * Returns the index of the first symbol that is not local; those of the file are in that order.
   */
  private int locals() {
    SymbolTable table = elf.symbols();
    int first = 0;
    while (first < table.count() && table.binding(first) == Elf.STB_LOCAL) {
      first++;
    }
    return first;
  }

  private byte[] symbols(StringTable strings) {
    SymbolTable table = elf.symbols();
    ByteBuffer out =
        ByteBuffer.allocate(table.count() * Elf.SYM_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 1; i < table.count(); i++) {
      int at = i * Elf.SYM_SIZE;
      int section = table.section(i);
      long value = module.symbolValue(i);
      int index = Elf.SHN_ABS;
      if (section == Elf.SHN_UNDEF && value == 0) {
        index = Elf.SHN_UNDEF;
      } else if (section > 0) {
        index = newIndex[section];
        value = index == 0 ? 0 : value;
      }
      out.putInt(at, strings.add(table.name(i)));
      out.put(at + 4, (byte) (table.binding(i) << 4 | table.type(i)));
      out.putShort(at + 6, (short) index);
      out.putLong(at + 8, value).putLong(at + 16, table.size(i));
    }
    return out.array();
  }

  /** Strings one after the other, the empty one first. */
  private static final class StringTable {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    StringTable() {
      bytes.write(0);
    }

    int add(String text) {
      if (text.isEmpty()) {
        return 0;
      }
      int offset = bytes.size();
      bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      bytes.write(0);
      return offset;
    }

    int size() {
      return bytes.size();
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
