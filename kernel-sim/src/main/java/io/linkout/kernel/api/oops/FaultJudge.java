package io.linkout.kernel.api.oops;

import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Registers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a fault, as arch/x86/kernel/traps.c does: {@code ud2} of a WARN says so
 * and goes on, {@code ud2} of a BUG dies, an instruction with an entry in the exception table goes
 * on at its fix-up, and all else dies.
 */
public final class FaultJudge {
  /** What becomes of a fault. */
  public sealed interface Verdict {
    /** The lines to log, first to last, at level 4 if the guest goes on and at level 1 if not. */
    List<String> report();
  }

  /**
   * The guest goes on at {@code address}.
   *
   * @param registers to set before, by x86 encoding
   * @param taint number of the taint to set, -1 if none
   */
  public record GoOn(long address, Map<Integer, Long> registers, int taint, List<String> report)
      implements Verdict {}

  /** The guest dies. */
  public record Die(List<String> report) implements Verdict {}

  private static final int UD2_BYTES = 2;
  private static final int NO_TAINT = -1;

  private final GuestMemory memory;
  private final TableRegistry tables;
  private final OopsReport reports;

  /** A judge over {@code memory} by {@code tables}. */
  public FaultJudge(GuestMemory memory, TableRegistry tables, OopsReport reports) {
    this.memory = memory;
    this.tables = tables;
    this.reports = reports;
  }

  /** Judges one fault; registers are exact. */
  public Verdict judge(CpuFault fault, Registers registers, OopsScene scene) {
    try {
      ModuleTables module = tables.at(registers.rip());
      Verdict verdict = module == null ? null : byTables(fault, registers, scene, module);
      return verdict == null ? new Die(reports.died(fault, registers, scene)) : verdict;
    } catch (GuestFault e) {
      // A table of the module that cannot be read says nothing.
      return new Die(reports.died(fault, registers, scene));
    }
  }

  private @Nullable Verdict byTables(
      CpuFault fault, Registers registers, OopsScene scene, ModuleTables module) {
    return switch (fault) {
      case CpuFault.InvalidOpcode opcode -> bug(registers, scene, module);
      case CpuFault.Page page -> fixup(fault, registers, scene, module);
      case CpuFault.Protection protection -> fixup(fault, registers, scene, module);
      case CpuFault.Divide divide -> fixup(fault, registers, scene, module);
      case CpuFault.OtherVector other -> fixup(fault, registers, scene, module);
      default -> null;
    };
  }

  private @Nullable Verdict bug(Registers registers, OopsScene scene, ModuleTables module) {
    BugEntry bug = BugEntry.find(memory, tables.forms(), module.bugs(), registers.rip());
    if (bug == null) {
      return fixup(new CpuFault.InvalidOpcode(), registers, scene, module);
    }
    if (!bug.warning()) {
      return new Die(reports.bug(bug, registers, scene));
    }
    long next = registers.rip() + UD2_BYTES;
    if (bug.silent()) {
      return new GoOn(next, Map.of(), NO_TAINT, List.of());
    }
    bug.said(memory);
    return new GoOn(next, Map.of(), bug.taint(), reports.warning(bug, registers, scene));
  }

  private @Nullable Verdict fixup(
      CpuFault fault, Registers registers, OopsScene scene, ModuleTables module) {
    ExceptionEntry entry = ExceptionEntry.find(memory, module.exceptions(), registers.rip());
    if (entry == null) {
      return null;
    }
    return switch (Fixup.of(entry, fault, registers)) {
      case Fixup.Resume go ->
          new GoOn(
              go.address(),
              go.registers(),
              NO_TAINT,
              go.message().isEmpty() ? List.of() : List.of(go.message()));
      case Fixup.Unsupported unsupported -> {
        List<String> lines = new java.util.ArrayList<>();
        lines.add(unsupported.message());
        lines.addAll(reports.died(fault, registers, scene));
        yield new Die(lines);
      }
    };
  }
}
