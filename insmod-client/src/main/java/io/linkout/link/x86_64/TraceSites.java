package io.linkout.link.x86_64;

import io.linkout.link.Complaints;
import io.linkout.link.FixupContext;
import io.linkout.link.ModuleImage;

/**
 * {@code __mcount_loc}, 8-byte addresses of {@code CALL __fentry__}: becomes the NOP of 5 bytes
 * ({@code kernel/trace/ftrace.c}: ftrace_init_nop, {@code arch/x86/kernel/ftrace.c}, 6.1). What is
 * no such call stays; it works, only slower.
 */
final class TraceSites {
  private TraceSites() {}

  /** Patches all. */
  static void apply(FixupContext context, Complaints complaints) {
    int section = context.section("__mcount_loc");
    Long fentry = context.imported("__fentry__");
    if (section == 0 || fentry == null) {
      return;
    }
    ModuleImage image = context.image();
    long table = image.plan().sectionAddress(section);
    long size = image.plan().elf().sections().size(section);
    for (long at = table; at <= table + size - 8; at += 8) {
      long site = image.getLong(at);
      if (!image.isBacked(site, Instructions.CALL_SIZE)) {
        complaints.addBulk(
            "section __mcount_loc offset 0x"
                + Long.toHexString(at - table)
                + ": leads outside the module");
        continue;
      }
      int segment = image.find(site, Instructions.CALL_SIZE);
      int place = image.offset(segment, site);
      if (Instructions.leadsTo(image.bytes(segment), place, Instructions.CALL, site, fentry)) {
        Instructions.nops(image.bytes(segment), place, Instructions.CALL_SIZE);
      }
    }
  }
}
