package io.linkout.kernel.api.lib;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.text.FormatArguments;
import io.linkout.kernel.api.text.GuestFormat;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.personality.StructLayout;
import java.nio.charset.StandardCharsets;

/** dev_err and its kin (drivers/base/core.c), and dynamic debug (lib/dynamic_debug.c). */
final class DevicePrintFunctions {
  private static final int LINE = 992;
  private static final int DEBUG = 7;

  private final StructLayout layout;
  private final GuestMemory memory;
  private final GuestFormat format;
  private final Kmsg log;

  private DevicePrintFunctions(
      StructLayout layout, GuestMemory memory, GuestFormat format, Kmsg log) {
    this.layout = layout;
    this.memory = memory;
    this.format = format;
    this.log = log;
  }

  static void declare(
      FunctionTable table, StructLayout layout, GuestMemory memory, GuestFormat format, Kmsg log) {
    DevicePrintFunctions f = new DevicePrintFunctions(layout, memory, format, log);
    String[] levels = {"emerg", "alert", "crit", "err", "warn", "notice", "info"};
    for (int i = 0; i < levels.length; i++) {
      int level = i;
      table.real("_dev_" + levels[i], c -> f.print(c, level, c.argument(0), 1));
    }
    table.real("_dev_printk", f::printAtLevel);
    table.real("__dynamic_pr_debug", f::debug);
    table.real("__dynamic_dev_dbg", c -> f.print(c, DEBUG, c.argument(1), 2));
    table.real("dev_err_probe", f::probeError);
  }

  /** The driver's name, or the bus's, and the device's: what dev_printk puts before its text. */
  private String prefix(long address) {
    if (address == 0) {
      return "(NULL device *): ";
    }
    try {
      GuestStruct device = new GuestStruct(memory, layout, "device", address);
      long driver = device.readLong("driver");
      long bus = device.readLong("bus");
      String kind = driver != 0 ? nameAt(driver) : bus != 0 ? nameAt(bus) : "";
      long initial = device.readLong("init_name");
      long name = initial != 0 ? initial : memory.readLong(device.at("kobj"));
      return kind + " " + (name == 0 ? "(null)" : memory.readString(name, 255)) + ": ";
    } catch (GuestFault e) {
      // Not a device that guest code made: its text is worth more than its name.
      return "(device): ";
    }
  }

  /** Returns the string that a structure's first field points to. */
  private String nameAt(long structure) {
    return memory.readString(memory.readLong(structure), 255);
  }

  private long print(TrapFrame c, int level, long device, int formatArgument) {
    store(
        level,
        prefix(device)
            + text(c, c.argument(formatArgument), FormatArguments.ofCall(c, formatArgument + 1)));
    return 0;
  }

  private String text(TrapFrame c, long address, FormatArguments arguments) {
    return new String(
        format.bytes(c.memory(), LINE, address, arguments), StandardCharsets.ISO_8859_1);
  }

  private void store(int level, String text) {
    boolean ended = text.endsWith("\n");
    byte[] bytes = text.stripTrailing().getBytes(StandardCharsets.ISO_8859_1);
    log.store(0, level, bytes, ended);
  }

  /** _dev_printk(level, device, format, …): the level is a prefix as printk's. */
  private long printAtLevel(TrapFrame c) {
    String level = memory.readString(c.argument(0), 4);
    int number = level.length() > 1 ? level.charAt(1) - '0' : 4;
    return print(c, number >= 0 && number <= DEBUG ? number : 4, c.argument(1), 2);
  }

  /** __dynamic_pr_debug(descriptor, format, …): only called while the site is enabled. */
  private long debug(TrapFrame c) {
    store(DEBUG, text(c, c.argument(1), FormatArguments.ofCall(c, 2)));
    return 0;
  }

  /** dev_err_probe(device, error, format, …): returns the error. */
  private long probeError(TrapFrame c) {
    int error = (int) c.argument(1);
    int level = error == -517 ? DEBUG : 3; // EPROBE_DEFER
    String text = text(c, c.argument(2), FormatArguments.ofCall(c, 3));
    store(level, prefix(c.argument(0)) + "error " + error + ": " + text);
    return error;
  }
}
