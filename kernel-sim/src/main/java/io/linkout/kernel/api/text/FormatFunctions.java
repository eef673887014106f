package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.function.Supplier;

/** The snprintf family (lib/vsprintf.c, lib/kasprintf.c). */
public final class FormatFunctions {
  private static final long INT_MAX = Integer.MAX_VALUE;
  private static final long PAGE = 4096;
  private static final long ETHTOOL_FIELD = 32;

  private final GuestFormat format;
  private final Allocator allocator;

  private FormatFunctions(GuestFormat format, Allocator allocator) {
    this.format = format;
    this.allocator = allocator;
  }

  /** Declares the family; {@code allocator} serves kasprintf and its kin. */
  public static void declare(FunctionTable table, GuestFormat format, Allocator allocator) {
    FormatFunctions f = new FormatFunctions(format, allocator);
    table.real("snprintf", c -> f.snprintf(c, FormatArguments.ofCall(c, 3)));
    table.real(
        "vsnprintf", c -> f.snprintf(c, FormatArguments.ofVaList(c.memory(), c.argument(3))));
    table.real("scnprintf", c -> f.scnprintf(c, FormatArguments.ofCall(c, 3)));
    table.real(
        "vscnprintf", c -> f.scnprintf(c, FormatArguments.ofVaList(c.memory(), c.argument(3))));
    table.real("sprintf", c -> f.sprintf(c, FormatArguments.ofCall(c, 2)));
    table.real("vsprintf", c -> f.sprintf(c, FormatArguments.ofVaList(c.memory(), c.argument(2))));
    table.real("kasprintf", c -> f.allocated(c, () -> FormatArguments.ofCall(c, 2)));
    table.real("kvasprintf", c -> f.allocated(c, () -> f.vaList(c)));
    table.real("kvasprintf_const", f::constant);
    table.real("ethtool_sprintf", f::ethtool);
    table.real("sysfs_emit", Licence.GPL, c -> f.emit(c, 0, 1, FormatArguments.ofCall(c, 2)));
    table.real(
        "sysfs_emit_at",
        Licence.GPL,
        c -> f.emit(c, (int) c.argument(1), 2, FormatArguments.ofCall(c, 3)));
  }

  private long snprintf(TrapFrame c, FormatArguments arguments) {
    return format.vsnprintf(c.memory(), c.argument(0), c.argument(1), c.argument(2), arguments);
  }

  private long scnprintf(TrapFrame c, FormatArguments arguments) {
    return format.vscnprintf(c.memory(), c.argument(0), c.argument(1), c.argument(2), arguments);
  }

  private long sprintf(TrapFrame c, FormatArguments arguments) {
    return format.vsnprintf(c.memory(), c.argument(0), INT_MAX, c.argument(1), arguments);
  }

  private FormatArguments vaList(TrapFrame c) {
    return FormatArguments.ofVaList(c.memory(), c.argument(2));
  }

  /** ethtool_sprintf(address of the cursor, format, …): one field of 32 bytes (net/ethtool). */
  private long ethtool(TrapFrame c) {
    long cursor = c.memory().readLong(c.argument(0));
    FormatArguments arguments = FormatArguments.ofCall(c, 2);
    format.vsnprintf(c.memory(), cursor, ETHTOOL_FIELD, c.argument(1), arguments);
    c.memory().writeLong(c.argument(0), cursor + ETHTOOL_FIELD);
    return 0;
  }

  /** sysfs_emit and sysfs_emit_at: into one whole page, from {@code offset} on. */
  private long emit(TrapFrame c, int offset, int text, FormatArguments arguments) {
    long buffer = c.argument(0);
    if (buffer == 0 || buffer % PAGE != 0 || offset < 0 || offset >= PAGE) {
      String name = text == 1 ? "invalid sysfs_emit: buf:" : "invalid sysfs_emit_at: buf:";
      String at = text == 1 ? "" : " at:" + offset;
      format.warnOnce(name, name + format.pointer(c.memory(), buffer) + at);
      return 0;
    }
    return format.vscnprintf(
        c.memory(), buffer + offset, PAGE - offset, c.argument(text), arguments);
  }

  /** kasprintf: measures, allocates, then formats. */
  private long allocated(TrapFrame c, Supplier<FormatArguments> arguments) {
    GuestMemory memory = c.memory();
    long size = format.length(memory, c.argument(1), arguments.get()) + 1;
    long buffer = allocator.allocate(size, c.argument(0), c.returnAddress());
    if (buffer != 0) {
      format.vsnprintf(memory, buffer, size, c.argument(1), arguments.get());
    }
    return buffer;
  }

  /**
   * kvasprintf_const. Linux returns a string in the kernel's own rodata without copying it; a
   * module's strings never lie there, so they are always copied.
   */
  private long constant(TrapFrame c) {
    boolean string = GuestFormat.text(c.memory(), c.argument(1)).equals("%s");
    if (string && vaList(c).next() == 0) {
      return 0;
    }
    return allocated(c, () -> vaList(c));
  }
}
