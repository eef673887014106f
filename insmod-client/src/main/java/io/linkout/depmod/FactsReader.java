package io.linkout.depmod;

import io.linkout.elf.BuildId;
import io.linkout.elf.Elf;
import io.linkout.elf.MalformedElfException;
import io.linkout.elf.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads what the lists need of module after module, and no more: section headers, {@code .modinfo},
 * {@code __versions}, build id, symbol and string table. Which symbols count is libkmod's rule
 * (kmod_elf_get_symbols, kmod_elf_get_dependency_symbols): exported is what has a {@code __crc_}
 * symbol, or, if nothing has, what {@code __ksymtab_strings} lists; needed is what is undefined,
 * then what only {@code __versions} names. Confined to one thread.
 */
final class FactsReader implements AutoCloseable {
  private static final int VERSION_SIZE = 64;
  private static final int VERSION_NAME = 8;
  private static final byte[] CRC = {'_', '_', 'c', 'r', 'c', '_'};

  private static final byte[] ALIAS = latin1("alias=");
  private static final byte[] SOFTDEP = latin1("softdep=");
  private static final byte[] WEAKDEP = latin1("weakdep=");

  private static final byte[][] WANTED = {
    latin1(".modinfo"),
    latin1("__versions"),
    latin1("__ksymtab_strings"),
    latin1(".symtab"),
    latin1(".strtab"),
    latin1(BuildId.SECTION),
    latin1("__version_ext_crcs"),
    latin1("__version_ext_names")
  };
  private static final int MODINFO = 0;
  private static final int VERSIONS = 1;
  private static final int EXPORT_NAMES = 2;
  private static final int SYMBOLS = 3;
  private static final int STRINGS = 4;
  private static final int BUILD_ID = 5;
  private static final int EXTENDED_CRCS = 6;
  private static final int EXTENDED_NAMES = 7;

  private final PartialFile file = new PartialFile();

  /** File offsets and sizes in bytes of the sections wanted, size 0 if there is none. */
  private final long[] offset = new long[WANTED.length];

  private final int[] size = new int[WANTED.length];
  private final boolean withCrcs;

  /** Where the section headers are in the file's bytes, and how many. */
  private int headers;

  private int sectionCount;

  private int[] slots = new int[256];

  /** Reads CRCs of exports only if {@code withCrcs}. */
  FactsReader(boolean withCrcs) {
    this.withCrcs = withCrcs;
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A fault of the file, in one line. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable(String reason) {
      super(reason, null, false, false);
    }
  }

  /** Returns what the module at {@code path} says; a fault is in the result. */
  ModuleFacts read(Path path) {
    try {
      file.open(path);
      sections();
      NameList exports = new NameList();
      NameList imports = new NameList();
      symbols(exports, imports);
      List<String> aliases = new ArrayList<>(0);
      List<String> softdeps = new ArrayList<>(0);
      List<String> weakdeps = new ArrayList<>(0);
      info(aliases, softdeps, weakdeps);
      return new ModuleFacts(exports, imports, aliases, softdeps, weakdeps, buildId(), null);
    } catch (Unreadable e) {
      return ModuleFacts.unreadable(String.valueOf(e.getMessage()));
    } catch (MalformedElfException e) {
      return ModuleFacts.unreadable(e.reason());
    } catch (IOException e) {
      return ModuleFacts.unreadable(reason(e));
    }
  }

  /** Returns the reason alone, in the words of errno. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "No such file or directory";
      case AccessDeniedException denied -> "Permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  /** Finds the sections wanted. */
  private void sections() throws IOException {
    Arrays.fill(size, 0);
    byte[] head = file.bytes();
    if (file.size() < 16) {
      throw new Unreadable(file.size() < 4 || elfMagic(head) ? "Invalid argument" : NO_ELF);
    }
    if (!elfMagic(head) || head[4] != 2 || head[5] != 1) {
      throw new Unreadable(NO_ELF);
    }
    if (file.size() < Elf.EHDR_SIZE) {
      throw new Unreadable("Invalid argument");
    }
    long table = LittleEndian.u64(head, 40);
    int count = LittleEndian.u16(head, 60);
    int names = LittleEndian.u16(head, 62);
    long length = (long) count * Elf.SHDR_SIZE;
    if (LittleEndian.u16(head, 58) != Elf.SHDR_SIZE || !inside(table, length) || names >= count) {
      throw new Unreadable("section headers lie outside the file");
    }
    headers = file.at(table, (int) length);
    sectionCount = count;
    byte[] bytes = file.bytes();
    int nameHeader = headers + names * Elf.SHDR_SIZE;
    long nameOffset = LittleEndian.u64(bytes, nameHeader + 24);
    long nameSize = LittleEndian.u64(bytes, nameHeader + 32);
    if (!inside(nameOffset, nameSize)) {
      throw new Unreadable("section names lie outside the file");
    }
    int text = file.at(nameOffset, (int) nameSize);
    find(text, (int) nameSize);
  }

  private static final String NO_ELF = "Exec format error";

  private static boolean elfMagic(byte[] head) {
    return head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
  }

  private boolean inside(long start, long length) {
    return start >= 0
        && length >= 0
        && length <= Integer.MAX_VALUE - (64 << 20)
        && start <= file.size()
        && length <= file.size() - start;
  }

  private void find(int names, int namesSize) {
    byte[] bytes = file.bytes();
    for (int i = 1; i < sectionCount; i++) {
      int header = headers + i * Elf.SHDR_SIZE;
      int name = LittleEndian.i32(bytes, header);
      int type = LittleEndian.i32(bytes, header + 4);
      if (name < 0 || name >= namesSize || type == Elf.SHT_NOBITS || type == Elf.SHT_RELA) {
        continue;
      }
      for (int w = 0; w < WANTED.length; w++) {
        if (size[w] == 0 && named(bytes, names + name, names + namesSize, WANTED[w])) {
          long start = LittleEndian.u64(bytes, header + 24);
          long length = LittleEndian.u64(bytes, header + 32);
          if (!inside(start, length)) {
            throw new Unreadable(
                "section "
                    + new String(WANTED[w], StandardCharsets.ISO_8859_1)
                    + " lies outside the file");
          }
          offset[w] = start;
          size[w] = (int) length;
        }
      }
    }
  }

  private static boolean named(byte[] bytes, int from, int end, byte[] name) {
    int length = name.length;
    if (from + length >= end || bytes[from + length] != 0) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[from + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private void symbols(NameList exports, NameList imports) throws IOException {
    boolean exporting = size[EXPORT_NAMES] > 0;
    if (size[SYMBOLS] >= Elf.SYM_SIZE && size[STRINGS] > 0) {
      int table = file.at(offset[SYMBOLS], size[SYMBOLS]);
      int strings = file.at(offset[STRINGS], size[STRINGS]);
      int end = strings + size[STRINGS];
      byte[] bytes = file.bytes();
      if (bytes[end - 1] != 0) {
        throw new Unreadable("section .strtab: the last string has no end");
      }
      int last = table + size[SYMBOLS] / Elf.SYM_SIZE * Elf.SYM_SIZE;
      for (int symbol = table + Elf.SYM_SIZE; symbol < last; symbol += Elf.SYM_SIZE) {
        boolean undefined = bytes[symbol + 6] == 0 && bytes[symbol + 7] == 0;
        if (!undefined && !exporting) {
          continue;
        }
        int name = strings + LittleEndian.i32(bytes, symbol);
        if (name < strings || name >= end) {
          throw new Unreadable("a symbol's name lies outside .strtab");
        }
        if (undefined) {
          int length = length(bytes, name);
          if (length > 0) {
            imports.add(bytes, name, length, 0, (bytes[symbol + 4] & 0xff) >>> 4 == Elf.STB_WEAK);
          }
        } else if (isCrc(bytes, name, end)) {
          int from = name + CRC.length;
          long crc = withCrcs ? crc(bytes, symbol) : 0;
          bytes = file.bytes();
          exports.add(bytes, from, length(bytes, from), crc, false);
        }
      }
    }
    if (exporting && exports.size() == 0) {
      listed(exports);
    }
    if (size[VERSIONS] >= VERSION_SIZE) {
      versions(imports);
    } else if (size[EXTENDED_CRCS] >= Integer.BYTES) {
      extendedVersions(imports);
    }
  }

  private static boolean isCrc(byte[] bytes, int name, int end) {
    if (name + CRC.length >= end) {
      return false;
    }
    for (int i = 0; i < CRC.length; i++) {
      if (bytes[name + i] != CRC[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns how many bytes there are from {@code from} to the next NUL, which there is. */
  private static int length(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] != 0) {
      at++;
    }
    return at - from;
  }

  /**
   * Returns the CRC that a {@code __crc_} symbol stands for: its value, or, if it lies in a
   * section, the 32 bits there (libkmod: kmod_elf_resolve_crc).
   */
  private long crc(byte[] bytes, int symbol) throws IOException {
    long value = LittleEndian.u64(bytes, symbol + 8);
    int section = LittleEndian.u16(bytes, symbol + 6);
    if (section == 0 || section >= Elf.SHN_LORESERVE) {
      return value;
    }
    if (section >= sectionCount) {
      return -1;
    }
    int header = headers + section * Elf.SHDR_SIZE;
    long start = LittleEndian.u64(bytes, header + 24);
    long length = LittleEndian.u64(bytes, header + 32);
    if (!inside(start, length) || value < 0 || value > length - 4) {
      return -1;
    }
    int at = file.at(start + value, 4);
    return LittleEndian.i32(file.bytes(), at) & 0xffffffffL;
  }

  /** Adds the strings of {@code __ksymtab_strings}. */
  private void listed(NameList exports) throws IOException {
    int at = file.at(offset[EXPORT_NAMES], size[EXPORT_NAMES]);
    byte[] bytes = file.bytes();
    int end = at + size[EXPORT_NAMES];
    while (at < end) {
      int stop = at;
      while (stop < end && bytes[stop] != 0) {
        stop++;
      }
      if (stop > at) {
        exports.add(bytes, at, stop - at, 0, false);
      }
      at = stop + 1;
    }
  }

  /** Gives the imports their CRCs and adds those that only {@code __versions} names. */
  private void versions(NameList imports) throws IOException {
    int mask = fillSlots(imports);
    int at = file.at(offset[VERSIONS], size[VERSIONS]);
    byte[] bytes = file.bytes();
    int last = at + size[VERSIONS] / VERSION_SIZE * VERSION_SIZE;
    for (; at < last; at += VERSION_SIZE) {
      int name = at + VERSION_NAME;
      int length = 0;
      while (length < VERSION_SIZE - VERSION_NAME && bytes[name + length] != 0) {
        length++;
      }
      version(imports, bytes, name, length, LittleEndian.u64(bytes, at), mask);
    }
  }

  /**
   * The same from the CRCs and names that 6.14 can have in sections of their own
   * (CONFIG_EXTENDED_MODVERSIONS), for names that are too long for {@code __versions}.
   */
  private void extendedVersions(NameList imports) throws IOException {
    int mask = fillSlots(imports);
    int crcs = file.at(offset[EXTENDED_CRCS], size[EXTENDED_CRCS]);
    int name = file.at(offset[EXTENDED_NAMES], size[EXTENDED_NAMES]);
    byte[] bytes = file.bytes();
    int end = name + size[EXTENDED_NAMES];
    int last = crcs + size[EXTENDED_CRCS] / Integer.BYTES * Integer.BYTES;
    for (int at = crcs; at < last; at += Integer.BYTES) {
      int stop = name;
      while (stop < end && bytes[stop] != 0) {
        stop++;
      }
      if (stop >= end) {
        throw new Unreadable("section __version_ext_names has fewer names than there are CRCs");
      }
      version(imports, bytes, name, stop - name, LittleEndian.i32(bytes, at) & 0xffffffffL, mask);
      name = stop + 1;
    }
  }

  private void version(NameList imports, byte[] bytes, int name, int length, long crc, int mask) {
    int known = importOf(imports, bytes, name, length, mask);
    if (known >= 0) {
      imports.setCrc(known, crc);
    } else if (length > 0) {
      imports.add(bytes, name, length, crc, false);
    }
  }

  /** Fills {@link #slots} with the imports so far and returns the mask of their hashes. */
  private int fillSlots(NameList imports) {
    int undefined = imports.size();
    int mask = Math.max(64, Integer.highestOneBit(undefined + 1) * 4) - 1;
    if (slots.length <= mask) {
      slots = new int[mask + 1];
    } else {
      Arrays.fill(slots, 0, mask + 1, 0);
    }
    for (int i = 0; i < undefined; i++) {
      int slot = imports.hash(i) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = i + 1;
    }
    return mask;
  }

  private int importOf(NameList imports, byte[] bytes, int name, int length, int mask) {
    int hash = NameList.hash(bytes, name, length);
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int index = slots[slot] - 1;
      if (imports.hash(index) == hash && imports.is(index, bytes, name, length)) {
        return index;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** Adds what {@code .modinfo} says that the lists are about. */
  private void info(List<String> aliases, List<String> softdeps, List<String> weakdeps)
      throws IOException {
    if (size[MODINFO] == 0) {
      return;
    }
    int at = file.at(offset[MODINFO], size[MODINFO]);
    byte[] bytes = file.bytes();
    int end = at + size[MODINFO];
    while (at < end) {
      int stop = at;
      while (stop < end && bytes[stop] != 0) {
        stop++;
      }
      if (!add(bytes, at, stop, ALIAS, aliases) && !add(bytes, at, stop, SOFTDEP, softdeps)) {
        add(bytes, at, stop, WEAKDEP, weakdeps);
      }
      at = stop + 1;
    }
  }

  /** Returns what stands for the file's bytes, as the linker names it to the kernel. */
  private String buildId() throws IOException {
    byte[] id = null;
    if (size[BUILD_ID] > 0) {
      int at = file.at(offset[BUILD_ID], size[BUILD_ID]);
      id =
          BuildId.of(
              ByteBuffer.wrap(file.bytes(), at, size[BUILD_ID])
                  .slice()
                  .order(ByteOrder.LITTLE_ENDIAN),
              note -> new Unreadable("section " + BuildId.SECTION + " is torn"));
    }
    if (id == null) {
      if (!inside(0, file.size())) {
        throw new Unreadable("the file is too large");
      }
      int length = (int) file.size();
      int at = file.at(0, length);
      id = Sha256.of(ByteBuffer.wrap(file.bytes(), at, length));
    }
    return HexFormat.of().formatHex(id);
  }

  private static boolean add(byte[] bytes, int from, int end, byte[] key, List<String> values) {
    if (end - from < key.length) {
      return false;
    }
    for (int i = 0; i < key.length; i++) {
      if (bytes[from + i] != key[i]) {
        return false;
      }
    }
    int start = from + key.length;
    values.add(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
