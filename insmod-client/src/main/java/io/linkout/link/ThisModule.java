package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SectionHeaders;
import java.nio.ByteBuffer;

/**
 * The module's {@code struct module}: the only content of {@code .gnu.linkonce.this_module}. The
 * kernel's build made it; init and exit are the two of its words that are relocated against {@code
 * init_module} and {@code cleanup_module}, so that nothing need be known of its layout.
 *
 * @param section index
 * @param initOffset offset of the init slot in bytes, -1 if the module has no init
 * @param exitOffset offset of the exit slot in bytes, -1 if the module has no exit
 */
record ThisModule(int section, int initOffset, int exitOffset) {

  /** Returns where it is, complaining if there is not exactly one of the kernel's size. */
  static ThisModule of(ElfFile elf, KernelIdentity kernel, Complaints complaints) {
    SectionHeaders sections = elf.sections();
    int found = 0;
    for (int i = 1; i < sections.count(); i++) {
      if (sections.type(i) == Elf.SHT_NULL || !sections.name(i).equals(ModuleFile.THIS_MODULE)) {
        continue;
      }
      if (found != 0) {
        complaints.add(Errno.ENOEXEC, "more than one section " + ModuleFile.THIS_MODULE);
      }
      found = i;
    }
    if (found == 0 || !sections.has(found, Elf.SHF_ALLOC) || sections.size(found) == 0) {
      complaints.add(
          Errno.ENOEXEC, "not a module: no section " + ModuleFile.THIS_MODULE + " that is loaded");
      return new ThisModule(0, -1, -1);
    }
    if (sections.type(found) == Elf.SHT_NOBITS) {
      throw elf.malformed("section " + ModuleFile.THIS_MODULE + " has no bytes in the file");
    }
    long size = sections.size(found);
    if (kernel.thisModuleSize() != 0 && size != kernel.thisModuleSize()) {
      complaints.add(
          Errno.ENOEXEC,
          "section "
              + ModuleFile.THIS_MODULE
              + ": "
              + size
              + " bytes, the kernel's struct module has "
              + kernel.thisModuleSize());
    }
    return new ThisModule(
        found, slot(elf, found, "init_module"), slot(elf, found, "cleanup_module"));
  }

  private static int slot(ElfFile elf, int section, String symbol) {
    int relocations = elf.sections().relocationsOf(section);
    if (relocations == 0) {
      return -1;
    }
    ByteBuffer entries = elf.contents(relocations);
    for (int at = 0; at < entries.limit(); at += Elf.RELA_SIZE) {
      int index = (int) (entries.getLong(at + 8) >>> 32);
      long offset = entries.getLong(at);
      if (offset >= 0
          && offset <= elf.sections().size(section) - 8
          && elf.symbols().named(index, symbol)) {
        return (int) offset;
      }
    }
    return -1;
  }
}
