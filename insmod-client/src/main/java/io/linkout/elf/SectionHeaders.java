package io.linkout.elf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The section headers of a relocatable file, checked; indexes are from 0, where the null section
 * is, to {@link #count}. Names become strings only when asked for.
 */
public final class SectionHeaders {
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};

  private final String file;
  private final ByteBuffer bytes;
  private final int count;
  private final int[] name;
  private final int[] type;
  private final long[] flags;
  private final int[] offset;
  private final long[] size;
  private final int[] link;
  private final int[] info;
  private final long[] align;
  private final @Nullable String[] names;
  private int strings;
  private int stringsSize;

  private SectionHeaders(String file, ByteBuffer bytes, int count) {
    this.file = file;
    this.bytes = bytes;
    this.count = count;
    name = new int[count];
    type = new int[count];
    flags = new long[count];
    offset = new int[count];
    size = new long[count];
    link = new int[count];
    info = new int[count];
    align = new long[count];
    names = new String[count];
  }

  /** Reads and checks all headers of {@code bytes}. */
  static SectionHeaders read(String file, ByteBuffer bytes) {
    checkFileHeader(file, bytes);
    long table = bytes.getLong(40);
    int entry = bytes.getShort(58) & 0xffff;
    long count = bytes.getShort(60) & 0xffff;
    long stringIndex = bytes.getShort(62) & 0xffff;
    if (table == 0) {
      throw new MalformedElfException(file, "no section headers");
    }
    if (entry != Elf.SHDR_SIZE) {
      throw new MalformedElfException(
          file, "section headers of " + entry + " bytes, not " + Elf.SHDR_SIZE);
    }
    requireInFile(file, bytes, "section header table", table, Elf.SHDR_SIZE);
    // More sections than 16 bits can count: the numbers are in section 0 (gABI, "Extended section
    // numbering").
    if (count == 0) {
      count = bytes.getLong((int) table + 32);
    }
    if (stringIndex == Elf.SHN_XINDEX) {
      stringIndex = bytes.getInt((int) table + 40) & 0xffffffffL;
    }
    if (count <= 0 || count > bytes.limit() / Elf.SHDR_SIZE) {
      throw new MalformedElfException(
          file,
          "section header table: "
              + Long.toUnsignedString(count)
              + " entries do not fit a file of "
              + bytes.limit()
              + " bytes");
    }
    requireInFile(file, bytes, "section header table", table, count * Elf.SHDR_SIZE);
    SectionHeaders sections = new SectionHeaders(file, bytes, (int) count);
    sections.readAll((int) table);
    sections.checkNames(stringIndex);
    sections.checkEach();
    sections.checkApart((int) table);
    return sections;
  }

  private static void checkFileHeader(String file, ByteBuffer bytes) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (bytes.limit() <= i || bytes.get(i) != MAGIC[i]) {
        throw new MalformedElfException(
            file, bytes.limit() == 0 ? "empty file" : "not an ELF file");
      }
    }
    if (bytes.limit() < Elf.EHDR_SIZE) {
      throw new MalformedElfException(
          file, "truncated: " + bytes.limit() + " bytes are no ELF header");
    }
    if (bytes.get(4) != 2) {
      throw new MalformedElfException(file, "ELF class " + bytes.get(4) + ", not 2 (64-bit)");
    }
    if (bytes.get(5) != 1) {
      throw new MalformedElfException(
          file, "ELF data encoding " + bytes.get(5) + ", not 1 (little-endian)");
    }
    if (bytes.get(6) != 1 || bytes.getInt(20) != 1) {
      throw new MalformedElfException(file, "unknown ELF version");
    }
    int type = bytes.getShort(16) & 0xffff;
    if (type != Elf.ET_REL) {
      throw new MalformedElfException(file, "ELF type " + type + ", not 1 (relocatable)");
    }
  }

  private static void requireInFile(
      String file, ByteBuffer bytes, String what, long offset, long size) {
    if (offset < 0 || size < 0 || offset > bytes.limit() || size > bytes.limit() - offset) {
      throw new MalformedElfException(
          file,
          "truncated: "
              + what
              + " (offset "
              + Long.toUnsignedString(offset)
              + ", "
              + Long.toUnsignedString(size)
              + " bytes) runs past the file's "
              + bytes.limit()
              + " bytes");
    }
  }

  private void readAll(int table) {
    for (int i = 0; i < count; i++) {
      int at = table + i * Elf.SHDR_SIZE;
      name[i] = bytes.getInt(at);
      type[i] = bytes.getInt(at + 4);
      flags[i] = bytes.getLong(at + 8);
      size[i] = bytes.getLong(at + 32);
      link[i] = bytes.getInt(at + 40);
      info[i] = bytes.getInt(at + 44);
      align[i] = bytes.getLong(at + 48);
      long start = bytes.getLong(at + 24);
      if (i == 0 || type[i] == Elf.SHT_NULL) {
        size[i] = 0;
      } else if (type[i] != Elf.SHT_NOBITS) {
        requireInFile(file, bytes, "section " + i, start, size[i]);
        offset[i] = (int) start;
      }
    }
    if (count > 0 && type[0] != Elf.SHT_NULL) {
      throw new MalformedElfException(file, "section 0 is not the null section");
    }
  }

  private void checkNames(long index) {
    if (index == 0 || index >= count) {
      throw new MalformedElfException(
          file, "section name table: index " + index + " out of range (" + count + " sections)");
    }
    int i = (int) index;
    requireStrings(i, "section name table");
    strings = offset[i];
    stringsSize = (int) size[i];
    for (int s = 0; s < count; s++) {
      if (name[s] < 0 || name[s] >= stringsSize) {
        throw new MalformedElfException(
            file,
            "section "
                + s
                + ": name at "
                + Integer.toUnsignedString(name[s])
                + " lies outside the section name table of "
                + stringsSize
                + " bytes");
      }
    }
  }

  private void requireStrings(int index, String what) {
    if (type[index] != Elf.SHT_STRTAB) {
      throw new MalformedElfException(file, what + ": section " + index + " is no string table");
    }
    if (size[index] == 0 || bytes.get(offset[index] + (int) size[index] - 1) != 0) {
      throw new MalformedElfException(file, what + ": string table without end");
    }
  }

  private void checkEach() {
    for (int i = 1; i < count; i++) {
      if (align[i] < 0 || (align[i] & (align[i] - 1)) != 0) {
        throw bad(i, "alignment " + Long.toUnsignedString(align[i]) + " is no power of two");
      }
      if (size[i] < 0) {
        throw bad(i, "size " + Long.toUnsignedString(size[i]) + " overflows");
      }
      switch (type[i]) {
        case Elf.SHT_RELA -> {
          requireEntries(i, Elf.RELA_SIZE, "relocations");
          if (info[i] <= 0 || info[i] >= count) {
            throw bad(
                i,
                "applies to section "
                    + Integer.toUnsignedString(info[i])
                    + ", out of range ("
                    + count
                    + " sections)");
          }
          if (link[i] <= 0 || link[i] >= count || type[link[i]] != Elf.SHT_SYMTAB) {
            throw bad(i, "section " + Integer.toUnsignedString(link[i]) + " is no symbol table");
          }
        }
        case Elf.SHT_SYMTAB -> requireEntries(i, Elf.SYM_SIZE, "symbols");
        default -> {}
      }
    }
  }

  private void requireEntries(int index, int entry, String what) {
    long stated = bytes.getLong(headerOf(index) + 56);
    if (stated != entry) {
      throw bad(index, "entries of " + Long.toUnsignedString(stated) + " bytes, not " + entry);
    }
    if (size[index] % entry != 0) {
      throw bad(index, size[index] + " bytes are no whole number of " + what);
    }
  }

  private int headerOf(int index) {
    return (int) bytes.getLong(40) + index * Elf.SHDR_SIZE;
  }

  /** Checks that no two sections share bytes of the file, nor a section and a header table. */
  private void checkApart(int table) {
    long[] order = new long[count];
    int used = 0;
    for (int i = 1; i < count; i++) {
      if (type[i] != Elf.SHT_NULL && type[i] != Elf.SHT_NOBITS && size[i] > 0) {
        order[used++] = (long) offset[i] << 32 | i;
      }
    }
    Arrays.sort(order, 0, used);
    long end = Elf.EHDR_SIZE;
    String before = "the ELF header";
    long tableEnd = (long) table + (long) count * Elf.SHDR_SIZE;
    for (int k = 0; k < used; k++) {
      int i = (int) order[k];
      if (offset[i] < end) {
        throw bad(i, "overlaps " + before);
      }
      end = offset[i] + size[i];
      if (offset[i] < tableEnd && end > table) {
        throw bad(i, "overlaps the section header table");
      }
      before = "section " + name(i);
    }
  }

  private MalformedElfException bad(int index, String reason) {
    return new MalformedElfException(file, "section " + name(index) + ": " + reason);
  }

  /** Returns the number of sections, the null section included. */
  public int count() {
    return count;
  }

  /** Returns the name of section {@code index}. */
  public String name(int index) {
    String known = names[index];
    if (known != null) {
      return known;
    }
    int start = strings + name[index];
    int at = start;
    while (bytes.get(at) != 0) {
      if (++at - start > Elf.LONGEST_NAME) {
        throw new MalformedElfException(
            file, "section " + index + ": name of more than " + Elf.LONGEST_NAME + " bytes");
      }
    }
    byte[] text = new byte[at - start];
    bytes.get(start, text);
    String made = new String(text, StandardCharsets.ISO_8859_1);
    names[index] = made;
    return made;
  }

  /** Returns sh_type of section {@code index}. */
  public int type(int index) {
    return type[index];
  }

  /** Returns sh_flags of section {@code index}. */
  public long flags(int index) {
    return flags[index];
  }

  /** Returns true if section {@code index} has all of {@code flags}. */
  public boolean has(int index, long wanted) {
    return (flags[index] & wanted) == wanted;
  }

  /** Returns the file offset of section {@code index} in bytes; 0 if it has no bytes there. */
  public int offset(int index) {
    return offset[index];
  }

  /** Returns the size of section {@code index} in bytes. */
  public long size(int index) {
    return size[index];
  }

  /** Returns sh_link of section {@code index}. */
  public int link(int index) {
    return link[index];
  }

  /** Returns sh_info of section {@code index}. */
  public int info(int index) {
    return info[index];
  }

  /** Returns the alignment of section {@code index} in bytes, a power of two, at least 1. */
  public long align(int index) {
    return Math.max(align[index], 1);
  }

  /** Returns the first section called {@code wanted}, or 0 if there is none. */
  public int find(String wanted) {
    for (int i = 1; i < count; i++) {
      if (type[i] != Elf.SHT_NULL && name(i).equals(wanted)) {
        return i;
      }
    }
    return 0;
  }

  /** Returns the relocation section that applies to section {@code index}, or 0; the first. */
  public int relocationsOf(int index) {
    for (int i = 1; i < count; i++) {
      if (type[i] == Elf.SHT_RELA && info[i] == index) {
        return i;
      }
    }
    return 0;
  }

  /** Returns the only section of type {@code wanted}, 0 if there is none. */
  int onlyOfType(int wanted) {
    int found = 0;
    for (int i = 1; i < count; i++) {
      if (type[i] == wanted) {
        if (found != 0) {
          throw bad(i, "a second section of its type, after " + name(found));
        }
        found = i;
      }
    }
    return found;
  }

  /** Returns the symbols of section {@code index}. */
  SymbolTable symbolTable(int index) {
    int table = link[index];
    if (table <= 0 || table >= count) {
      throw bad(
          index,
          "string table: section index "
              + Integer.toUnsignedString(table)
              + " out of range ("
              + count
              + " sections)");
    }
    requireStrings(table, "section " + name(index));
    int symbols = (int) (size[index] / Elf.SYM_SIZE);
    int extended = onlyOfType(Elf.SHT_SYMTAB_SHNDX);
    if (extended != 0 && size[extended] / 4 < symbols) {
      throw bad(extended, "fewer section indexes than symbols");
    }
    return new SymbolTable(
        file,
        bytes,
        offset[index],
        symbols,
        offset[table],
        (int) size[table],
        extended == 0 ? -1 : offset[extended],
        count);
  }
}
