package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfBuilder;
import io.linkout.link.x86_64.X86_64;
import java.nio.charset.StandardCharsets;

/** Makes small modules for tests: a well-formed one to which what a test is about is added. */
public final class TestModule {
  /** Code. */
  public static final long AX = Elf.SHF_ALLOC | Elf.SHF_EXECINSTR;

  /** Constants. */
  public static final long A = Elf.SHF_ALLOC;

  /** Data. */
  public static final long WA = Elf.SHF_ALLOC | Elf.SHF_WRITE;

  /** Bytes of its struct module. */
  public static final int THIS_MODULE_SIZE = 896;

  private static final int INIT_SLOT = 0x138;
  private static final int EXIT_SLOT = 0x350;

  private final ElfBuilder elf = new ElfBuilder();
  private final StringBuilder info = new StringBuilder();
  private boolean vermagic = true;
  private boolean licence = true;

  /** Returns the file being made. */
  public ElfBuilder elf() {
    return elf;
  }

  /** Adds a string to .modinfo. */
  public TestModule info(String key, String value) {
    vermagic &= !key.equals("vermagic");
    licence &= !key.equals("license");
    info.append(key).append('=').append(value).append('\0');
    return this;
  }

  /** Leaves the version magic out. */
  public TestModule withoutVermagic() {
    vermagic = false;
    return this;
  }

  /** Adds __this_module with slots for {@code init} and {@code exit}, symbols or 0. */
  public TestModule thisModule(int init, int exit) {
    int section = elf.section(ModuleFile.THIS_MODULE, WA, 64, new byte[THIS_MODULE_SIZE]);
    if (init != 0) {
      elf.rela(section, INIT_SLOT, 1, init, 0);
    }
    if (exit != 0) {
      elf.rela(section, EXIT_SLOT, 1, exit, 0);
    }
    return this;
  }

  /**
   * Adds an undefined symbol {@code name} and a pointer to it in a section {@code .import.name}.
   */
  public TestModule imports(String name) {
    int section = elf.section(".import." + name, A, 8, new byte[8]);
    elf.rela(section, 0, 1, elf.undefined(name), 0);
    return this;
  }

  /** Exports {@code name} with version {@code crc}; once a module. */
  public TestModule exports(String name, int crc) {
    byte[] text = (name + '\0').getBytes(StandardCharsets.ISO_8859_1);
    int strings = elf.section("__ksymtab_strings", A, 1, text);
    int table = elf.section("__ksymtab", A, 4, new byte[12]);
    int symbol = elf.sectionSymbol(strings);
    elf.rela(table, 0, 2, symbol, 0).rela(table, 4, 2, symbol, 0);
    elf.section("__kcrctab", A, 4, ElfBuilder.little(4).putInt(0, crc).array());
    return this;
  }

  /** Returns the file's bytes, with .modinfo. */
  public byte[] bytes() {
    if (vermagic) {
      info("vermagic", FakeKernel.VERMAGIC);
    }
    if (licence) {
      info("license", "GPL");
    }
    elf.section(".modinfo", A, 1, info.toString().getBytes(StandardCharsets.ISO_8859_1));
    return elf.build();
  }

  /** Returns the file opened. */
  public ModuleFile open() {
    return ModuleFile.of("test-module.ko", bytes());
  }

  /** Returns a linker for {@code kernel} without hints. */
  public static Linker linker(Kernel kernel) {
    return new Linker(kernel, X86_64.ARCHITECTURE, ExportHints.NONE, PassTimer.NONE);
  }
}
