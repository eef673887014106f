package io.linkout.kernel.api.life;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.text.FormatArguments;
import io.linkout.kernel.api.text.GuestFormat;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.cpu.TrapFrame;
import java.nio.charset.StandardCharsets;

/** What ends the call, or warns, because the guest's own checks failed. */
public final class FatalFunctions {
  private static final int LINE = 1024;

  private final GuestFormat format;
  private final Taints taints;
  private final Complaints complaints;

  private FatalFunctions(GuestFormat format, Taints taints, Complaints complaints) {
    this.format = format;
    this.taints = taints;
    this.complaints = complaints;
  }

  /** Declares the family. */
  public static void declare(
      FunctionTable table, GuestFormat format, Taints taints, Complaints complaints) {
    FatalFunctions f = new FatalFunctions(format, taints, complaints);
    table.real("__stack_chk_fail", Licence.ANY, f::stackSmashed);
    table.real("panic", f::panic);
    table.real("nmi_panic", f::nmiPanic);
    table.real("fortify_panic", f::fortify);
    table.real("add_taint", f::addTaint);
    table.real("test_taint", f::testTaint);
    table.real("refcount_warn_saturate", f::refcount);
  }

  private long stackSmashed(TrapFrame c) {
    throw new GuestOops(
        "Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: "
            + complaints.name(c.returnAddress()));
  }

  private long panic(TrapFrame c) {
    throw new GuestOops(
        "Kernel panic - not syncing: "
            + text(c, c.argument(0), FormatArguments.ofCall(c, 1)).stripTrailing());
  }

  private long nmiPanic(TrapFrame c) {
    throw new GuestOops(
        "Kernel panic - not syncing: " + c.memory().readString(c.argument(1), LINE));
  }

  private long fortify(TrapFrame c) {
    complaints.log(0, "detected buffer overflow in " + c.memory().readString(c.argument(0), LINE));
    throw new GuestOops("kernel BUG at lib/string_helpers.c!");
  }

  private long addTaint(TrapFrame c) {
    taints.add(Taints.letter((int) c.argument(0)));
    return 0;
  }

  private long testTaint(TrapFrame c) {
    return taints.letters().indexOf(Taints.letter((int) c.argument(0))) >= 0 ? 1 : 0;
  }

  /** refcount_warn_saturate(refcount, kind): saturates at half the range (lib/refcount.c). */
  private long refcount(TrapFrame c) {
    c.memory().writeInt(c.argument(0), 0xc0000000);
    String what =
        switch ((int) c.argument(1)) {
          case 0, 1 -> "saturated; leaking memory.";
          case 2 -> "addition on 0; use-after-free.";
          case 3 -> "underflow; use-after-free.";
          case 4 -> "decrement hit 0; leaking memory.";
          default -> "unknown saturation event!?.";
        };
    complaints.warn(c, "lib/refcount.c refcount_warn_saturate", "refcount_t: " + what);
    return 0;
  }

  private String text(TrapFrame c, long address, FormatArguments arguments) {
    return new String(
        format.bytes(c.memory(), LINE, address, arguments), StandardCharsets.ISO_8859_1);
  }
}
