package io.linkout.kernel.api.oops;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.GuestLayout;
import java.util.List;

/**
 * The first lines of a report, which say what happened, as arch/x86/mm/fault.c, show_fault_oops,
 * and arch/x86/kernel/traps.c word them in Linux 6.1.
 */
final class FaultText {
  private FaultText() {}

  /** Returns the lines; {@code count} is the number of this oops. */
  static List<String> of(CpuFault fault, OopsScene scene, int count) {
    return switch (fault) {
      case CpuFault.Page page -> page(page.address(), page.access(), page.mapped(), scene, count);
      case CpuFault.FunctionPage page -> page(page.address(), page.access(), false, scene, count);
      case CpuFault.StackOverflow overflow ->
          List.of(
              "BUG: TASK stack guard page was hit at %016x (stack is %016x..%016x)"
                  .formatted(overflow.address(), scene.stackBottom(), scene.stackTop()),
              die("stack guard page", 0, scene, count));
      case CpuFault.InvalidOpcode opcode -> List.of(die("invalid opcode", 0, scene, count));
      case CpuFault.Protection protection ->
          List.of(die("general protection fault", 0, scene, count));
      case CpuFault.Divide divide -> List.of(die("divide error", 0, scene, count));
      case CpuFault.OtherVector other -> List.of(die(vector(other.vector()), 0, scene, count));
      case CpuFault.Forbidden forbidden ->
          List.of(
              "linkout: the instruction %s cannot be executed by this kernel's modules"
                  .formatted(forbidden.instruction()),
              die("general protection fault", 0, scene, count));
      case CpuFault.Oops oops -> List.of(oops.headline(), die("Oops", 0, scene, count));
      case CpuFault.SoftLockup lockup ->
          List.of(
              "watchdog: BUG: soft lockup - CPU#0 stuck for %ds! [%s:%d]"
                  .formatted(Math.round(lockup.nanoseconds() / 1e9), scene.comm(), scene.pid()));
    };
  }

  private static List<String> page(
      long address, Access access, boolean mapped, OopsScene scene, int count) {
    int code =
        (mapped ? 1 : 0) | (access == Access.WRITE ? 2 : 0) | (access == Access.FETCH ? 0x10 : 0);
    String kind = access == Access.FETCH ? "instruction fetch" : access.words() + " access";
    List<String> lines = new java.util.ArrayList<>();
    if (mapped && access == Access.FETCH) {
      lines.add("kernel tried to execute NX-protected page - exploit attempt? (uid: 0)");
    }
    lines.add(
        Long.compareUnsigned(address, GuestLayout.PAGE) < 0
            ? "BUG: kernel NULL pointer dereference, address: %016x".formatted(address)
            : "BUG: unable to handle page fault for address: %016x".formatted(address));
    lines.add("#PF: supervisor %s in kernel mode".formatted(kind));
    lines.add(
        "#PF: error_code(0x%04x) - %s"
            .formatted(code, mapped ? "permissions violation" : "not-present page"));
    lines.add(die("Oops", code, scene, count));
    return lines;
  }

  private static String die(String what, int code, OopsScene scene, int count) {
    return "%s: %04x [#%d]%s"
        .formatted(what, code, count, scene.options().isEmpty() ? "" : " " + scene.options());
  }

  private static String vector(int vector) {
    return switch (vector) {
      case 1 -> "debug";
      case 3 -> "int3";
      case 4 -> "overflow";
      case 5 -> "bounds";
      case 7 -> "device not available";
      case 8 -> "double fault";
      case 10 -> "invalid TSS";
      case 11 -> "segment not present";
      case 12 -> "stack segment";
      case 16 -> "fpu exception";
      case 17 -> "alignment check";
      case 19 -> "simd exception";
      default -> "unexpected interrupt %d".formatted(vector);
    };
  }
}
