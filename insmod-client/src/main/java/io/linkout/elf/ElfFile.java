package io.linkout.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit little-endian relocatable ELF file, its headers checked when it is opened: from then on
 * every section lies in the file, overlaps no other, and is of a whole number of entries.
 *
 * <p>Owns its bytes until closed. Confined to the thread that opened it.
 */
public final class ElfFile implements AutoCloseable {
  private final String path;
  private final FileBytes file;
  private final ByteBuffer bytes;
  private final SectionHeaders sections;
  private final @Nullable SymbolTable symbols;
  private final int symbolSection;

  private ElfFile(String path, FileBytes file) {
    this.path = path;
    this.file = file;
    this.bytes = file.buffer();
    this.sections = SectionHeaders.read(path, bytes);
    this.symbolSection = sections.onlyOfType(Elf.SHT_SYMTAB);
    this.symbols = symbolSection == 0 ? null : sections.symbolTable(symbolSection);
  }

  /**
   * Opens the relocatable file at {@code path}.
   *
   * @throws IOException if it can't be read
   * @throws MalformedElfException if it is no well-formed relocatable file
   */
  public static ElfFile open(Path path) throws IOException {
    return of(path.toString(), FileBytes.open(path));
  }

  /**
   * Reads {@code bytes} as the file called {@code path}; they are closed with it.
   *
   * @throws MalformedElfException if they are no well-formed relocatable file
   */
  public static ElfFile of(String path, FileBytes bytes) {
    try {
      return new ElfFile(path, bytes);
    } catch (RuntimeException | InternalError e) {
      boolean changed = e instanceof InternalError || bytes.changed();
      bytes.close();
      throw changed ? changed(path) : (RuntimeException) e;
    }
  }

  /** Returns true if the file, mapped, is not what it was: then nothing read of it counts. */
  public boolean changed() {
    return file.changed();
  }

  /** Returns true if the file was compressed. */
  public boolean isPacked() {
    return file.packed();
  }

  /** Returns what to throw when a file changed under its reader. */
  public static MalformedElfException changed(String path) {
    return new MalformedElfException(path, "the file changed while it was being read");
  }

  /** Returns the path as the user gave it. */
  public String path() {
    return path;
  }

  /** Returns all bytes of the file, little-endian, not to be written to. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Returns e_machine. */
  public int machine() {
    return bytes.getShort(18) & 0xffff;
  }

  /** Returns e_flags. */
  public int flags() {
    return bytes.getInt(48);
  }

  /** Returns the section headers. */
  public SectionHeaders sections() {
    return sections;
  }

  /**
   * Returns the symbol table.
   *
   * @throws MalformedElfException if there is none
   */
  public SymbolTable symbols() {
    if (symbols == null) {
      throw malformed("no symbol table");
    }
    return symbols;
  }

  /** Returns true if there is a symbol table. */
  public boolean hasSymbols() {
    return symbols != null;
  }

  /** Returns the index of the symbol table's section, 0 if there is none. */
  public int symbolSection() {
    return symbolSection;
  }

  /** Returns what to throw for a fault of this file, {@code reason} one line without its name. */
  public MalformedElfException malformed(String reason) {
    return new MalformedElfException(path, reason);
  }

  /** Returns the bytes of section {@code index}, little-endian, its own position and limit. */
  public ByteBuffer contents(int index) {
    if (sections.type(index) == Elf.SHT_NOBITS) {
      throw malformed("section " + sections.name(index) + " has no bytes in the file");
    }
    return bytes
        .slice(sections.offset(index), (int) sections.size(index))
        .order(java.nio.ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the bytes of section {@code index} as a new array. */
  public byte[] copy(int index) {
    ByteBuffer section = contents(index);
    byte[] copy = new byte[section.remaining()];
    section.get(copy);
    return copy;
  }

  /**
   * Returns the NUL-terminated string at {@code offset} of section {@code index}, one char a byte.
   *
   * @throws MalformedElfException if it does not end inside the section
   */
  public String string(int index, long offset) {
    long size = sections.size(index);
    if (sections.type(index) == Elf.SHT_NOBITS || offset < 0 || offset >= size) {
      throw malformed(
          "string at offset "
              + Long.toUnsignedString(offset)
              + " lies outside section "
              + sections.name(index));
    }
    int start = sections.offset(index) + (int) offset;
    int end = sections.offset(index) + (int) size;
    int at = start;
    while (at < end && bytes.get(at) != 0) {
      at++;
    }
    if (at == end) {
      throw malformed(
          "string at offset " + offset + " of section " + sections.name(index) + " has no end");
    }
    byte[] text = new byte[at - start];
    bytes.get(start, text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Returns a symbol's name for messages: a section symbol has its section's. */
  public String describeSymbol(int index) {
    SymbolTable table = symbols();
    if (index > 0 && index < table.count() && table.type(index) == Elf.STT_SECTION) {
      int section = table.section(index);
      return section > 0 ? sections.name(section) : table.describe(index);
    }
    return table.describe(index);
  }

  /**
   * Returns the GNU build id (note type 3 of owner GNU), or null if there is none.
   *
   * @throws MalformedElfException if the notes are torn
   */
  public byte @Nullable [] buildId() {
    int section = sections.find(BuildId.SECTION);
    if (section == 0 || sections.type(section) == Elf.SHT_NOBITS) {
      return null;
    }
    return BuildId.of(
        contents(section),
        at ->
            malformed(
                "section " + BuildId.SECTION + ": note at offset " + at + " runs past its end"));
  }

  @Override
  public void close() {
    file.close();
  }
}
