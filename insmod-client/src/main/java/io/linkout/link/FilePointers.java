package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pointers of one section as the file has them, before any address is known: what each relocated
 * place will point at. Of relocations with addends only; which type they are of does not matter
 * here.
 */
final class FilePointers {
  /**
   * What a place points at.
   *
   * @param symbol index
   * @param section of the symbol; 0 if it is undefined
   * @param offset in that section, or from the symbol if it is undefined
   */
  record Target(int symbol, int section, long offset) {}

  private final ElfFile elf;
  private final Map<Long, Integer> entries = new HashMap<>();
  private final @Nullable ByteBuffer relocations;

  private FilePointers(ElfFile elf, @Nullable ByteBuffer relocations) {
    this.elf = elf;
    this.relocations = relocations;
  }

  /** Returns the pointers of {@code section}. */
  static FilePointers of(ElfFile elf, int section) {
    int index = elf.sections().relocationsOf(section);
    if (index == 0) {
      return new FilePointers(elf, null);
    }
    ByteBuffer relocations = elf.contents(index);
    FilePointers pointers = new FilePointers(elf, relocations);
    for (int at = 0; at < relocations.limit(); at += Elf.RELA_SIZE) {
      pointers.entries.put(relocations.getLong(at), at);
    }
    return pointers;
  }

  /** Returns what the place at {@code offset} will point at, null if nothing is relocated there. */
  @Nullable Target at(long offset) {
    Integer at = entries.get(offset);
    if (at == null || relocations == null) {
      return null;
    }
    int symbol = (int) (relocations.getLong(at + 8) >>> 32);
    long addend = relocations.getLong(at + 16);
    int section = elf.symbols().section(symbol);
    return section > 0
        ? new Target(symbol, section, elf.symbols().value(symbol) + addend)
        : new Target(symbol, 0, addend);
  }
}
