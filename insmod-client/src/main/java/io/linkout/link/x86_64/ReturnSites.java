package io.linkout.link.x86_64;

import io.linkout.link.Complaints;
import io.linkout.link.Errno;
import io.linkout.link.FixupContext;
import io.linkout.link.ModuleImage;

/**
 * {@code .return_sites}, rel32 each to a {@code JMP __x86_return_thunk}: becomes RET and four INT3
 * ({@code arch/x86/kernel/alternative.c}: apply_returns, 6.1). What is no such jump stays.
 */
final class ReturnSites {
  private ReturnSites() {}

  /** Patches all. */
  static void apply(FixupContext context, Complaints complaints) {
    int section = context.section(".return_sites");
    Long thunk = context.imported("__x86_return_thunk");
    if (section == 0 || thunk == null) {
      return;
    }
    ModuleImage image = context.image();
    long table = image.plan().sectionAddress(section);
    long size = image.plan().elf().sections().size(section);
    for (long at = table; at <= table + size - 4; at += 4) {
      long site = at + image.getInt(at);
      if (!image.isBacked(site, Instructions.CALL_SIZE)) {
        complaints.addBulk(
            "section .return_sites offset 0x"
                + Long.toHexString(at - table)
                + ": leads outside the module");
        continue;
      }
      int segment = image.find(site, Instructions.CALL_SIZE);
      int place = image.offset(segment, site);
      if (Instructions.leadsTo(image.bytes(segment), place, Instructions.JMP, site, thunk)) {
        Instructions.ret(image.bytes(segment), place, Instructions.CALL_SIZE);
      }
    }
    if (size % 4 != 0) {
      complaints.add(
          Errno.ENOEXEC,
          "section .return_sites: " + size + " bytes are no whole number of entries");
    }
  }
}
