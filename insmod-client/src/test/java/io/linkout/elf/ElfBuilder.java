package io.linkout.elf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes relocatable files byte by byte, well-formed unless told otherwise. */
public final class ElfBuilder {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Section(
      String name,
      int type,
      long flags,
      long align,
      byte[] content,
      long size,
      int link,
      int info) {}

  private record Sym(String name, int section, long value, long size, int info) {}

  private record Rela(long offset, int type, int symbol, long addend) {}

  private final List<Section> sections = new ArrayList<>();
  private final List<Sym> symbols = new ArrayList<>();
  private final Map<Integer, List<Rela>> relocations = new LinkedHashMap<>();
  private int machine = Elf.EM_X86_64;
  private int type = Elf.ET_REL;

  /** An empty file. */
  public ElfBuilder() {
    sections.add(new Section("", 0, 0, 0, new byte[0], 0, 0, 0));
    symbols.add(new Sym("", 0, 0, 0, 0));
  }

  /** Sets e_machine. */
  public ElfBuilder machine(int number) {
    machine = number;
    return this;
  }

  /** Sets e_type. */
  public ElfBuilder type(int number) {
    type = number;
    return this;
  }

  /** Adds a section and returns its index. */
  public int section(String name, long flags, long align, byte[] content) {
    return add(name, Elf.SHT_PROGBITS, flags, align, content, content.length);
  }

  /** Adds a section that has no bytes in the file and returns its index. */
  public int nobits(String name, long flags, long align, long size) {
    return add(name, Elf.SHT_NOBITS, flags, align, new byte[0], size);
  }

  /** Adds any section and returns its index. */
  public int add(String name, int sectionType, long flags, long align, byte[] content, long size) {
    sections.add(new Section(name, sectionType, flags, align, content, size, 0, 0));
    return sections.size() - 1;
  }

  /** Adds a symbol and returns its index. */
  public int symbol(String name, int section, long value, long size, int binding, int symbolType) {
    symbols.add(new Sym(name, section, value, size, binding << 4 | symbolType));
    return symbols.size() - 1;
  }

  /** Adds a global symbol in {@code section} and returns its index. */
  public int global(String name, int section, long value) {
    return symbol(name, section, value, 0, Elf.STB_GLOBAL, Elf.STT_NOTYPE);
  }

  /** Adds an undefined symbol and returns its index. */
  public int undefined(String name) {
    return global(name, Elf.SHN_UNDEF, 0);
  }

  /** Adds the symbol that stands for {@code section} and returns its index. */
  public int sectionSymbol(int section) {
    return symbol("", section, 0, 0, Elf.STB_LOCAL, Elf.STT_SECTION);
  }

  /** Adds a relocation. */
  public ElfBuilder rela(int section, long offset, int relocation, int symbol, long addend) {
    relocations
        .computeIfAbsent(section, s -> new ArrayList<>())
        .add(new Rela(offset, relocation, symbol, addend));
    return this;
  }

  /** Returns the file. */
  public byte[] build() {
    List<Section> all = new ArrayList<>(sections);
    int symtab = sections.size() + relocations.size();
    relocations.forEach(
        (section, list) -> {
          byte[] content = new byte[list.size() * Elf.RELA_SIZE];
          ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
          for (Rela entry : list) {
            bytes
                .putLong(entry.offset)
                .putLong((long) entry.symbol << 32 | (entry.type & 0xffffffffL));
            bytes.putLong(entry.addend);
          }
          String name = ".rela" + sections.get(section).name;
          all.add(
              new Section(name, Elf.SHT_RELA, 0x40, 8, content, content.length, symtab, section));
        });
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    names.write(0);
    byte[] entries = new byte[symbols.size() * Elf.SYM_SIZE];
    ByteBuffer table = ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN);
    for (Sym symbol : symbols) {
      table.putInt(symbol.name.isEmpty() ? 0 : append(names, symbol.name));
      table.put((byte) symbol.info).put((byte) 0).putShort((short) symbol.section);
      table.putLong(symbol.value).putLong(symbol.size);
    }
    all.add(new Section(".symtab", Elf.SHT_SYMTAB, 0, 8, entries, entries.length, symtab + 1, 1));
    byte[] strings = names.toByteArray();
    all.add(new Section(".strtab", Elf.SHT_STRTAB, 0, 1, strings, strings.length, 0, 0));
    return assemble(all);
  }

  private byte[] assemble(List<Section> all) {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    names.write(0);
    int[] nameOf = new int[all.size() + 1];
    for (int i = 1; i < all.size(); i++) {
      nameOf[i] = append(names, all.get(i).name);
    }
    nameOf[all.size()] = append(names, ".shstrtab");
    byte[] strings = names.toByteArray();
    all.add(new Section(".shstrtab", Elf.SHT_STRTAB, 0, 1, strings, strings.length, 0, 0));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[Elf.EHDR_SIZE]);
    long[] offsets = new long[all.size()];
    for (int i = 1; i < offsets.length; i++) {
      pad(body, Math.max(all.get(i).align, 1));
      offsets[i] = body.size();
      body.writeBytes(all.get(i).content);
    }
    pad(body, 8);
    int headers = body.size();
    byte[] file = new byte[headers + all.size() * Elf.SHDR_SIZE];
    ByteBuffer out = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    out.put(body.toByteArray());
    for (int i = 0; i < offsets.length; i++) {
      Section section = all.get(i);
      int entry =
          section.type == Elf.SHT_RELA || section.type == Elf.SHT_SYMTAB ? Elf.RELA_SIZE : 0;
      out.putInt(nameOf[i]).putInt(section.type).putLong(section.flags).putLong(0);
      out.putLong(offsets[i]).putLong(section.size).putInt(section.link).putInt(section.info);
      out.putLong(section.align).putLong(entry);
    }
    out.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    out.putShort(16, (short) type).putShort(18, (short) machine).putInt(20, 1);
    out.putLong(40, headers).putShort(52, (short) Elf.EHDR_SIZE);
    out.putShort(58, (short) Elf.SHDR_SIZE).putShort(60, (short) all.size());
    out.putShort(62, (short) (all.size() - 1));
    return file;
  }

  private static void pad(ByteArrayOutputStream out, long align) {
    while (out.size() % align != 0) {
      out.write(0);
    }
  }

  private static int append(ByteArrayOutputStream names, String name) {
    int at = names.size();
    names.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
    names.write(0);
    return at;
  }

  /** Returns a little-endian buffer of {@code size} zero bytes. */
  public static ByteBuffer little(int size) {
    return ByteBuffer.wrap(new byte[size]).order(ByteOrder.LITTLE_ENDIAN);
  }
}
