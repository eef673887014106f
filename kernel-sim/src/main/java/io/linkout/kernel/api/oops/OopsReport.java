package io.linkout.kernel.api.oops;

import io.linkout.kernel.api.text.AddressNames;
import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Registers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports of faults, lockups, BUGs and WARNs, line by line, as Linux 6.1 prints them. Lines that
 * begin with {@code linkout:} are this kernel's own.
 */
public final class OopsReport {
  private static final String CUT_HERE = "------------[ cut here ]------------";
  private static final String END = "---[ end trace 0000000000000000 ]---";

  private final GuestMemory memory;
  private final CpuStateText state;
  private final CallTrace trace;
  private final MissingSymbols missing;
  private final ModuleLines places;
  private int count;

  /**
   * Reports over {@code memory}; {@code names} are what the kernel knows of addresses, {@code
   * places} what it says of modules for those who know more.
   */
  public OopsReport(
      GuestMemory memory,
      AddressNames names,
      TableRegistry tables,
      MissingSymbols missing,
      ModuleLines places) {
    this.memory = memory;
    this.state = new CpuStateText(memory, names);
    this.trace = new CallTrace(memory, tables);
    this.missing = missing;
    this.places = places;
  }

  /** Returns the report of a fault that ends the guest; the oopses are numbered from 1. */
  public List<String> died(CpuFault fault, Registers registers, OopsScene scene) {
    if (fault instanceof CpuFault.SoftLockup) {
      return lockedUp(fault, registers, scene);
    }
    count++;
    List<String> lines = new ArrayList<>(FaultText.of(fault, scene, count));
    String absent = absent(fault, registers);
    if (absent != null) {
      lines.add(1, absent);
    }
    rest(lines, registers, scene);
    lines.add(modules(scene));
    if (fault instanceof CpuFault.Page page) {
      lines.add("CR2: %016x".formatted(page.address()));
    }
    lines.add(END);
    return lines;
  }

  /** Returns the report of a BUG: {@code ud2} at an entry of the bug table that does not warn. */
  public List<String> bug(BugEntry bug, Registers registers, OopsScene scene) {
    List<String> lines = new ArrayList<>();
    lines.add(CUT_HERE);
    lines.add(
        bug.file().isEmpty()
            ? "kernel BUG at %s [verbose debug info unavailable]"
                .formatted(state.name(registers.rip()))
            : "kernel BUG at %s:%d!".formatted(bug.file(), bug.line()));
    lines.addAll(died(new CpuFault.InvalidOpcode(), registers, scene));
    return lines;
  }

  /** Returns the report of a WARN; the guest goes on. */
  public List<String> warning(BugEntry bug, Registers registers, OopsScene scene) {
    List<String> lines = new ArrayList<>();
    if (!bug.cut()) {
      lines.add(CUT_HERE);
    }
    String where = bug.file().isEmpty() ? "" : " %s:%d".formatted(bug.file(), bug.line());
    lines.add(
        "WARNING: CPU: 0 PID: %d at%s %s"
            .formatted(scene.pid(), where, state.name(registers.rip())));
    lines.add(modules(scene));
    rest(lines, registers, scene);
    lines.add(END);
    return lines;
  }

  /** Returns the number of reports so far that ended the guest by a fault. */
  public int count() {
    return count;
  }

  private List<String> lockedUp(CpuFault fault, Registers registers, OopsScene scene) {
    List<String> lines = new ArrayList<>(FaultText.of(fault, scene, count));
    lines.add(modules(scene));
    rest(lines, registers, scene);
    return lines;
  }

  private void rest(List<String> lines, Registers registers, OopsScene scene) {
    List<CallTrace.Frame> frames = trace.of(registers, scene.stackTop());
    List<Long> addresses = new ArrayList<>();
    addresses.add(registers.rip());
    frames.forEach(frame -> addresses.add(frame.address()));
    lines.addAll(places.of(addresses));
    lines.addAll(state.of(registers, scene));
    lines.add("Call Trace:");
    lines.add(" <TASK>");
    for (CallTrace.Frame frame : frames) {
      lines.add(" " + (frame.reliable() ? "" : "? ") + state.name(frame.address()));
    }
    lines.add(" </TASK>");
  }

  private static String modules(OopsScene scene) {
    return "Modules linked in: " + String.join(" ", scene.modules());
  }

  private @Nullable String absent(CpuFault fault, Registers registers) {
    return switch (fault) {
      case CpuFault.Page page -> absent(page.address(), page.access(), registers);
      case CpuFault.FunctionPage page -> absent(page.address(), page.access(), registers);
      default -> null;
    };
  }

  private @Nullable String absent(long address, Access access, Registers registers) {
    String what = missing.at(address);
    if (what == null) {
      return null;
    }
    return access == Access.FETCH
        ? "linkout: %s; called from %s".formatted(what, caller(registers))
        : "linkout: %s; used at %s".formatted(what, state.name(registers.rip()));
  }

  private String caller(Registers registers) {
    try {
      return state.name(memory.readLong(registers.rsp()));
    } catch (GuestFault e) {
      return "somewhere";
    }
  }
}
