package io.linkout.kernel.api.print;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.text.FormatArguments;
import io.linkout.kernel.api.text.HexFunctions;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.kmsg.Kmsg;
import java.util.Locale;
import java.util.function.LongSupplier;

/** printk and what limits it (kernel/printk/printk.c, lib/ratelimit.c). */
public final class PrintFunctions {
  private static final int WARNING_LEVEL = 4;

  /** DUMP_PREFIX_ADDRESS and DUMP_PREFIX_OFFSET of include/linux/printk.h. */
  private static final int PREFIX_ADDRESS = 1;

  private static final int PREFIX_OFFSET = 2;

  /** What guest code asks of the kernel to be written as a stack trace. */
  @FunctionalInterface
  public interface StackDump {
    /**
     * Logs the stack of the call {@code frame} at {@code level} (0 to 7, or {@link
     * Printk#LEVEL_DEFAULT}).
     */
    void dump(TrapFrame frame, int level);
  }

  private final Printk printk;
  private final Kmsg log;
  private final LongSupplier jiffies;
  private final GlobalRateLimit global;

  private PrintFunctions(Printk printk, Kmsg log, LongSupplier jiffies, long hz) {
    this.printk = printk;
    this.log = log;
    this.jiffies = jiffies;
    this.global = new GlobalRateLimit(5 * hz, 10);
  }

  /**
   * Declares the family.
   *
   * @param jiffies the clock, as {@code jiffies} of the guest
   * @param hz its ticks a second
   */
  public static void declare(
      FunctionTable table,
      Printk printk,
      Kmsg log,
      LongSupplier jiffies,
      long hz,
      StackDump stackDump) {
    PrintFunctions f = new PrintFunctions(printk, log, jiffies, hz);
    table.real("_printk", c -> f.print(c, 0, FormatArguments.ofCall(c, 1)));
    table.real("vprintk", c -> f.print(c, 0, FormatArguments.ofVaList(c.memory(), c.argument(1))));
    table.real(
        "vprintk_default",
        FunctionTable.Licence.GPL,
        c -> f.print(c, 0, FormatArguments.ofVaList(c.memory(), c.argument(1))));
    table.real("vprintk_emit", f::emit);
    table.real("__warn_printk", f::warn);
    table.real("__printk_ratelimit", f::globalLimit);
    table.real("___ratelimit", f::limit);
    table.real("printk_timed_ratelimit", c -> f.timedLimit(c, hz));
    table.real("__printk_cpu_sync_try_get", _ -> 1);
    table.real("__printk_cpu_sync_wait", _ -> 0);
    table.real("__printk_cpu_sync_put", _ -> 0);
    table.real("print_hex_dump", f::hexDump);
    table.real("dump_stack", c -> dump(stackDump, c, Printk.LEVEL_DEFAULT));
    table.real("dump_stack_lvl", c -> dump(stackDump, c, f.level(c)));
  }

  private long print(TrapFrame c, int format, FormatArguments arguments) {
    return printk.store(c.memory(), 0, Printk.LEVEL_DEFAULT, c.argument(format), arguments);
  }

  /** __warn_printk(format, …): what WARN says before its trap instruction (kernel/panic.c). */
  private long warn(TrapFrame c) {
    log.log(WARNING_LEVEL, "------------[ cut here ]------------");
    return print(c, 0, FormatArguments.ofCall(c, 1));
  }

  /** vprintk_emit(facility, level, dev_info, fmt, args). */
  private long emit(TrapFrame c) {
    FormatArguments arguments = FormatArguments.ofVaList(c.memory(), c.argument(4));
    // LOGLEVEL_SCHED, -2, only defers the console.
    int level = Math.max((int) c.argument(1), Printk.LEVEL_DEFAULT);
    return printk.store(c.memory(), (int) c.argument(0), level, c.argument(3), arguments);
  }

  /** ___ratelimit(state, function name). */
  private long limit(TrapFrame c) {
    RateLimit limit = new RateLimit(c.memory(), c.argument(0));
    boolean allowed =
        limit.allows(jiffies.getAsLong(), missed -> report(name(c, c.argument(1)), missed));
    return allowed ? 1 : 0;
  }

  private long globalLimit(TrapFrame c) {
    int missed = global.missedAt(jiffies.getAsLong());
    if (missed > 0) {
      report(name(c, c.argument(0)), missed);
    }
    return global.allows() ? 1 : 0;
  }

  /** printk_timed_ratelimit(jiffies of the last, interval in milliseconds). */
  private long timedLimit(TrapFrame c, long hz) {
    long now = jiffies.getAsLong();
    long last = c.memory().readLong(c.argument(0));
    long interval = ((c.argument(1) & 0xffffffffL) * hz + 999) / 1000;
    if (last != 0 && now - last <= interval) {
      return 0;
    }
    c.memory().writeLong(c.argument(0), now);
    return 1;
  }

  /** (level, prefix, prefix type, row size, group size, buffer, size, ascii), lib/hexdump.c. */
  private long hexDump(TrapFrame c) {
    String level = name(c, c.argument(0));
    String prefix = name(c, c.argument(1));
    int kind = (int) c.argument(2);
    int row = (int) c.argument(3) == 32 ? 32 : 16;
    int group = (int) c.argument(4);
    long size = c.argument(6);
    boolean ascii = (c.argument(7) & 0xff) != 0;
    for (long i = 0; Long.compareUnsigned(i, size) < 0; i += row) {
      long at = c.argument(5) + i;
      HexFunctions.Line line = HexFunctions.line(c.memory(), at, size - i, row, group, ascii);
      String offset =
          switch (kind) {
            case PREFIX_ADDRESS -> printk.pointer(c.memory(), at) + ": ";
            case PREFIX_OFFSET -> String.format(Locale.ROOT, "%08x: ", (int) i);
            default -> "";
          };
      printk.store(level + prefix + offset + line.text() + "\n");
    }
    return 0;
  }

  private void report(String function, int missed) {
    log.log(WARNING_LEVEL, function + ": " + missed + " callbacks suppressed");
  }

  private int level(TrapFrame c) {
    String prefix = name(c, c.argument(0));
    boolean known = prefix.length() > 1 && prefix.charAt(0) == 1 && prefix.charAt(1) <= '7';
    return known ? prefix.charAt(1) - '0' : Printk.LEVEL_DEFAULT;
  }

  private static String name(TrapFrame c, long address) {
    return c.memory().readString(address, 256);
  }

  private static long dump(StackDump stackDump, TrapFrame c, int level) {
    stackDump.dump(c, level);
    return 0;
  }
}
