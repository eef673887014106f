package io.linkout.elf;

/**
 * Numbers of the ELF-64 format that modules use (System V gABI, chapter 4; {@code
 * include/uapi/linux/elf.h}).
 */
public final class Elf {
  /** Bytes of the file header. */
  public static final int EHDR_SIZE = 64;

  /** Bytes of a section header. */
  public static final int SHDR_SIZE = 64;

  /** Bytes of a symbol. */
  public static final int SYM_SIZE = 24;

  /** Bytes of a relocation with addend. */
  public static final int RELA_SIZE = 24;

  /**
   * Longest name of a section or symbol, in bytes. Linux takes 512 (KSYM_NAME_LEN, 6.1); without a
   * limit any number of symbols could share one huge name, each made a string of its own.
   */
  public static final int LONGEST_NAME = 4096;

  /** Relocatable file: what a module is. */
  public static final int ET_REL = 1;

  /** Executable file: what {@code --image} writes. */
  public static final int ET_EXEC = 2;

  /** The x86-64 machine. */
  public static final int EM_X86_64 = 62;

  /** A section header that describes nothing. */
  public static final int SHT_NULL = 0;

  /** Bytes of the program's own. */
  public static final int SHT_PROGBITS = 1;

  /** Symbol table. */
  public static final int SHT_SYMTAB = 2;

  /** String table. */
  public static final int SHT_STRTAB = 3;

  /** Relocations with addends. */
  public static final int SHT_RELA = 4;

  /** Notes. */
  public static final int SHT_NOTE = 7;

  /** Occupies no space in the file. */
  public static final int SHT_NOBITS = 8;

  /** Relocations without addends; no supported machine uses them. */
  public static final int SHT_REL = 9;

  /** Section indexes of symbols that do not fit 16 bits. */
  public static final int SHT_SYMTAB_SHNDX = 18;

  /** Writable. */
  public static final long SHF_WRITE = 1;

  /** Occupies memory. */
  public static final long SHF_ALLOC = 2;

  /** Code. */
  public static final long SHF_EXECINSTR = 4;

  /** Compressed. */
  public static final long SHF_COMPRESSED = 0x800;

  /** Undefined symbol. */
  public static final int SHN_UNDEF = 0;

  /** First of the section indexes with a meaning of their own. */
  public static final int SHN_LORESERVE = 0xff00;

  /** Value is absolute. */
  public static final int SHN_ABS = 0xfff1;

  /** Not allocated yet: value is the alignment, size the size. */
  public static final int SHN_COMMON = 0xfff2;

  /** The index is in the SHT_SYMTAB_SHNDX section. */
  public static final int SHN_XINDEX = 0xffff;

  /** Not seen outside the file. */
  public static final int STB_LOCAL = 0;

  /** Seen by all. */
  public static final int STB_GLOBAL = 1;

  /** As global, but may be missing. */
  public static final int STB_WEAK = 2;

  /** No type. */
  public static final int STT_NOTYPE = 0;

  /** Data. */
  public static final int STT_OBJECT = 1;

  /** Code. */
  public static final int STT_FUNC = 2;

  /** Stands for a section. */
  public static final int STT_SECTION = 3;

  /** Names a source file. */
  public static final int STT_FILE = 4;

  private Elf() {}
}
