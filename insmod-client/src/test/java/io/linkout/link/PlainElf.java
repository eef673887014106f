package io.linkout.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit little-endian ELF file of any type, read in the plainest way: the tests' own reader, so
 * that what the linker writes is not judged by the code that wrote it.
 */
final class PlainElf {
  static final long ALLOC = 2;
  private static final int NOBITS = 8;
  private static final int SYMTAB = 2;

  /** A section header, and the bytes in the file; none for NOBITS. */
  record Section(
      int index,
      String name,
      int type,
      long flags,
      long address,
      long size,
      long alignment,
      ByteBuffer bytes) {
    boolean allocated() {
      return (flags & ALLOC) != 0;
    }

    boolean inFile() {
      return type != NOBITS && size > 0;
    }
  }

  /** A symbol; {@code section} is st_shndx. */
  record Symbol(String name, int info, int section, long value) {
    boolean named() {
      return !name.isEmpty() && (info & 0xf) < 3;
    }
  }

  private final ByteBuffer file;
  private final List<Section> sections = new ArrayList<>();
  private final List<Symbol> symbols = new ArrayList<>();

  PlainElf(byte[] bytes) {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int table = (int) file.getLong(40);
    int count = file.getShort(60) & 0xffff;
    int names = (int) file.getLong(table + (file.getShort(62) & 0xffff) * 64 + 24);
    for (int i = 0; i < count; i++) {
      int at = table + i * 64;
      int type = file.getInt(at + 4);
      int offset = type == NOBITS ? 0 : (int) file.getLong(at + 24);
      int size = type == NOBITS || type == 0 ? 0 : (int) file.getLong(at + 32);
      sections.add(
          new Section(
              i,
              string(names + file.getInt(at)),
              type,
              file.getLong(at + 8),
              file.getLong(at + 16),
              file.getLong(at + 32),
              file.getLong(at + 48),
              file.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN)));
      if (type == SYMTAB) {
        int strings = (int) file.getLong(table + file.getInt(at + 40) * 64 + 24);
        for (int s = offset; s < offset + size; s += 24) {
          symbols.add(
              new Symbol(
                  string(strings + file.getInt(s)),
                  file.get(s + 4) & 0xff,
                  file.getShort(s + 6) & 0xffff,
                  file.getLong(s + 8)));
        }
      }
    }
  }

  private String string(int at) {
    int end = at;
    while (file.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - at];
    file.get(at, text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  List<Section> sections() {
    return sections;
  }

  List<Symbol> symbols() {
    return symbols;
  }

  /** Returns the first section called {@code name}, null if there is none. */
  @Nullable Section section(String name) {
    for (Section section : sections) {
      if (section.name.equals(name)) {
        return section;
      }
    }
    return null;
  }
}
