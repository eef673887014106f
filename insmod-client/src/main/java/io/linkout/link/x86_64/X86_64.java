package io.linkout.link.x86_64;

import io.linkout.elf.Elf;
import io.linkout.link.Architecture;
import io.linkout.link.Complaints;
import io.linkout.link.FixupContext;
import io.linkout.link.FixupRow;
import io.linkout.link.LinkedModule;
import io.linkout.link.RelocationSection;
import io.linkout.link.TableKind;
import java.util.List;

/** The x86-64 architecture. */
public final class X86_64 implements Architecture {
  /** The only one: it has no state. */
  public static final Architecture ARCHITECTURE = new X86_64();

  private static final List<KernelTable> TABLES =
      List.of(
          new KernelTable("__jump_table", TableKind.JUMP_TABLE, 16),
          new KernelTable(".static_call_sites", TableKind.STATIC_CALL_SITES, 8),
          new KernelTable("__ex_table", TableKind.EX_TABLE, 12),
          // Flags, with CONFIG_DEBUG_BUGVERBOSE the line; instruction, then file, then (6.19)
          // format.
          new KernelTable("__bug_table", TableKind.BUG_TABLE, 4, List.of(1, 2, 3)),
          new KernelTable(".orc_unwind_ip", TableKind.ORC_UNWIND_IP, 4),
          new KernelTable(".orc_unwind", TableKind.ORC_UNWIND, 6),
          new KernelTable("__tracepoints_ptrs", TableKind.TRACEPOINTS_PTRS, 4),
          new KernelTable(".ctors", TableKind.CONSTRUCTORS, 8),
          new KernelTable(".init_array", TableKind.CONSTRUCTORS, 8));

  private X86_64() {}

  @Override
  public int machine() {
    return Elf.EM_X86_64;
  }

  @Override
  public String name() {
    return "x86-64";
  }

  @Override
  public void relocate(RelocationSection relocations, Complaints complaints) {
    Relocator.apply(relocations, complaints);
  }

  @Override
  public void fixUp(FixupContext context, Complaints complaints) {
    Fixups.apply(context, complaints);
  }

  @Override
  public void patchSites(LinkedModule module) {
    Sites.patch(module.image(), module.importedAddress("__static_call_return0"));
  }

  @Override
  public List<FixupRow> fixups() {
    return Fixups.ROWS;
  }

  @Override
  public List<KernelTable> tables() {
    return TABLES;
  }
}
