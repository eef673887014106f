package io.linkout.elf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A symbol table and its strings, read in place: no object is made for a symbol, and its name
 * becomes a string only when asked for. Indexes are from 0, where the null symbol is, to {@link
 * #count}.
 */
public final class SymbolTable {
  /** What {@link #section} returns for an absolute value. */
  public static final int ABS = -Elf.SHN_ABS;

  /** What {@link #section} returns for space not allocated yet. */
  public static final int COMMON = -Elf.SHN_COMMON;

  private final String file;
  private final ByteBuffer bytes;
  private final int offset;
  private final int count;
  private final int strings;
  private final int stringsSize;
  private final int extendedIndexes;
  private final int sectionCount;

  /**
   * The table of {@code count} symbols at file offset {@code offset}, names at {@code strings},
   * whose last byte is NUL.
   *
   * @param extendedIndexes file offset of the SHT_SYMTAB_SHNDX section, or -1
   */
  SymbolTable(
      String file,
      ByteBuffer bytes,
      int offset,
      int count,
      int strings,
      int stringsSize,
      int extendedIndexes,
      int sectionCount) {
    this.file = file;
    this.bytes = bytes;
    this.offset = offset;
    this.count = count;
    this.strings = strings;
    this.stringsSize = stringsSize;
    this.extendedIndexes = extendedIndexes;
    this.sectionCount = sectionCount;
  }

  /** Returns the number of symbols, the null symbol included. */
  public int count() {
    return count;
  }

  /**
   * Returns the name of symbol {@code index}, empty if it has none.
   *
   * @throws MalformedElfException if the name lies outside the string table
   */
  public String name(int index) {
    int start = nameStart(index);
    int length = 0;
    while (bytes.get(start + length) != 0) {
      if (++length > Elf.LONGEST_NAME) {
        throw new MalformedElfException(
            file, "symbol " + index + ": name of more than " + Elf.LONGEST_NAME + " bytes");
      }
    }
    byte[] name = new byte[length];
    bytes.get(start, name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  /** Returns true if the name of symbol {@code index} is the ASCII string {@code name}. */
  public boolean named(int index, String name) {
    int start = nameStart(index);
    int length = name.length();
    if (bytes.limit() - start <= length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes.get(start + i) != (byte) name.charAt(i)) {
        return false;
      }
    }
    return bytes.get(start + length) == 0;
  }

  private int nameStart(int index) {
    int name = bytes.getInt(at(index));
    if (name < 0 || name >= stringsSize) {
      throw new MalformedElfException(
          file,
          "symbol "
              + index
              + ": name at "
              + Integer.toUnsignedString(name)
              + " lies outside the string table of "
              + stringsSize
              + " bytes");
    }
    return strings + name;
  }

  /** Returns st_value of symbol {@code index}: an offset into its section in a relocatable file. */
  public long value(int index) {
    return bytes.getLong(at(index) + 8);
  }

  /** Returns st_size of symbol {@code index} in bytes. */
  public long size(int index) {
    return bytes.getLong(at(index) + 16);
  }

  /** Returns the binding of symbol {@code index}, such as {@link Elf#STB_WEAK}. */
  public int binding(int index) {
    return (bytes.get(at(index) + 4) & 0xff) >>> 4;
  }

  /** Returns the type of symbol {@code index}, such as {@link Elf#STT_FUNC}. */
  public int type(int index) {
    return bytes.get(at(index) + 4) & 0xf;
  }

  /**
   * Returns the section of symbol {@code index}: an index into the section headers, 0 if it is
   * undefined, {@link #ABS}, {@link #COMMON}, or another negative number for a reserved index
   * without meaning here.
   *
   * @throws MalformedElfException if the index is out of range
   */
  public int section(int index) {
    int section = bytes.getShort(at(index) + 6) & 0xffff;
    if (section < Elf.SHN_LORESERVE) {
      return section < sectionCount ? section : outOfRange(index, section);
    }
    if (section != Elf.SHN_XINDEX) {
      // Keeps reserved numbers apart from real sections of the same number.
      return -section;
    }
    if (extendedIndexes < 0) {
      return outOfRange(index, section);
    }
    int extended = bytes.getInt(extendedIndexes + index * 4);
    return extended >= 0 && extended < sectionCount ? extended : outOfRange(index, extended);
  }

  private int outOfRange(int index, int section) {
    throw new MalformedElfException(
        file,
        "symbol "
            + describe(index)
            + ": section index "
            + Integer.toUnsignedString(section)
            + " out of range ("
            + sectionCount
            + " sections)");
  }

  /** Returns the name of symbol {@code index}, or its number where it has none, for messages. */
  public String describe(int index) {
    String name = index < count ? name(index) : "";
    return name.isEmpty() ? "#" + index : name;
  }

  /** Returns the first symbol called {@code name}, or -1; linear. */
  public int find(String name) {
    for (int i = 1; i < count; i++) {
      if (named(i, name)) {
        return i;
      }
    }
    return -1;
  }

  private int at(int index) {
    if (index < 0 || index >= count) {
      throw new MalformedElfException(
          file,
          "symbol index "
              + Integer.toUnsignedString(index)
              + " out of range ("
              + count
              + " symbols)");
    }
    return offset + index * Elf.SYM_SIZE;
  }
}
