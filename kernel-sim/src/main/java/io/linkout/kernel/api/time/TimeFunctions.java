package io.linkout.kernel.api.time;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.List;

/** Reading clocks (kernel/time/timekeeping.c) and converting jiffies (kernel/time/time.c). */
public final class TimeFunctions {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final long MICRO = 1_000L;
  private static final long INT_MASK = 0xffffffffL;

  /** MAX_JIFFY_OFFSET: what a time too long to be told becomes. */
  private static final long MAX_JIFFY_OFFSET = (Long.MAX_VALUE >> 1) - 1;

  private final GuestClock clock;

  private TimeFunctions(GuestClock clock) {
    this.clock = clock;
  }

  /** Declares the family. */
  public static void declare(FunctionTable table, GuestClock clock) {
    TimeFunctions f = new TimeFunctions(clock);
    f.declareNanoseconds(table);
    f.declareStructures(table);
    f.declareConversions(table);
  }

  private void declareNanoseconds(FunctionTable table) {
    for (String name :
        List.of(
            "ktime_get",
            "ktime_get_raw",
            "ktime_get_mono_fast_ns",
            "ktime_get_raw_fast_ns",
            "ktime_get_boot_fast_ns",
            "ktime_get_tai_fast_ns")) {
      boolean tai = name.contains("tai");
      table.real(name, Licence.GPL, _ -> tai ? clock.wallNanos() : clock.nanos());
    }
    table.real("ktime_get_real_fast_ns", Licence.GPL, _ -> clock.wallNanos());
    table.real("ktime_get_with_offset", Licence.GPL, c -> offset(c, clock.nanos()));
    table.real("ktime_get_coarse_with_offset", Licence.GPL, c -> offset(c, coarse()));
    table.real("ktime_get_resolution_ns", Licence.GPL, _ -> 1);
    table.real("ktime_get_seconds", Licence.GPL, _ -> clock.nanos() / SECOND);
    table.real("ktime_get_real_seconds", Licence.GPL, _ -> clock.wallNanos() / SECOND);
    table.real("ktime_mono_to_any", Licence.GPL, this::monotonicToAny);
    table.real("sched_clock", Licence.GPL, _ -> clock.nanos());
    table.real("sched_clock_cpu", Licence.GPL, _ -> clock.nanos());
  }

  /** ktime_get_with_offset(TK_OFFS_REAL 0, TK_OFFS_BOOT 1, TK_OFFS_TAI 2). */
  private long offset(TrapFrame c, long monotonic) {
    return (int) c.argument(0) == 1 ? monotonic : monotonic + clock.wallNanos() - clock.nanos();
  }

  private long monotonicToAny(TrapFrame c) {
    long monotonic = c.argument(0);
    return (int) c.argument(1) == 1 ? monotonic : monotonic + clock.wallNanos() - clock.nanos();
  }

  private long coarse() {
    long tick = SECOND / clock.hz();
    return clock.nanos() / tick * tick;
  }

  private void declareStructures(FunctionTable table) {
    table.real("ktime_get_ts64", Licence.GPL, c -> timespec(c, clock.nanos()));
    table.real("ktime_get_raw_ts64", c -> timespec(c, clock.nanos()));
    table.real("ktime_get_real_ts64", c -> timespec(c, clock.wallNanos()));
    table.real("ktime_get_coarse_ts64", c -> timespec(c, coarse()));
    table.real(
        "ktime_get_coarse_real_ts64",
        c -> timespec(c, coarse() + clock.wallNanos() - clock.nanos()));
    table.real("set_normalized_timespec64", TimeFunctions::setNormalized);
  }

  /** Stores {@code nanos} as struct timespec64: two 64-bit numbers. */
  private static long timespec(TrapFrame c, long nanos) {
    c.memory().writeLong(c.argument(0), Math.floorDiv(nanos, SECOND));
    c.memory().writeLong(c.argument(0) + 8, Math.floorMod(nanos, SECOND));
    return 0;
  }

  /** set_normalized_timespec64(ts, seconds, nanoseconds). */
  private static long setNormalized(TrapFrame c) {
    long seconds = c.argument(1) + Math.floorDiv(c.argument(2), SECOND);
    c.memory().writeLong(c.argument(0), seconds);
    c.memory().writeLong(c.argument(0) + 8, Math.floorMod(c.argument(2), SECOND));
    return 0;
  }

  private void declareConversions(FunctionTable table) {
    int hz = clock.hz();
    table.real("__msecs_to_jiffies", c -> toJiffies((int) c.argument(0), 1000));
    table.real("__usecs_to_jiffies", c -> toJiffies((int) c.argument(0), 1_000_000));
    table.real("jiffies_to_msecs", c -> Integer.toUnsignedLong(scale(c.argument(0), 1000)));
    table.real("jiffies_to_usecs", c -> Integer.toUnsignedLong(scale(c.argument(0), 1_000_000)));
    table.real(
        "nsecs_to_jiffies", Licence.GPL, c -> Long.divideUnsigned(c.argument(0), SECOND / hz));
    table.real("nsecs_to_jiffies64", c -> Long.divideUnsigned(c.argument(0), SECOND / hz));
    table.real("jiffies64_to_nsecs", c -> c.argument(0) * (SECOND / hz));
    table.real("jiffies64_to_msecs", c -> c.argument(0) * (1000 / hz));
    table.real("jiffies_to_clock_t", c -> Long.divideUnsigned(c.argument(0) * 100, hz));
    table.real("jiffies_64_to_clock_t", c -> Long.divideUnsigned(c.argument(0) * 100, hz));
    table.real("clock_t_to_jiffies", c -> c.argument(0) * hz / 100);
    table.real("timespec64_to_jiffies", this::timespecToJiffies);
    table.real("jiffies_to_timespec64", this::jiffiesToTimespec);
    table.real("round_jiffies", Licence.GPL, c -> round(c.argument(0)));
    table.real(
        "round_jiffies_relative",
        Licence.GPL,
        c -> round(c.argument(0) + clock.jiffies()) - clock.jiffies());
    table.real("round_jiffies_up", Licence.GPL, c -> roundUp(c.argument(0)));
  }

  /** Rounded up; negative numbers mean an infinite time-out. */
  private long toJiffies(int amount, long perSecond) {
    if (amount < 0) {
      return MAX_JIFFY_OFFSET;
    }
    return (amount * (long) clock.hz() + perSecond - 1) / perSecond;
  }

  private int scale(long jiffies, long perSecond) {
    return (int) (jiffies * (perSecond / clock.hz()));
  }

  private long timespecToJiffies(TrapFrame c) {
    long seconds = c.memory().readLong(c.argument(0));
    long nanos = c.memory().readLong(c.argument(0) + 8);
    long tick = SECOND / clock.hz();
    return seconds * clock.hz() + (nanos + tick - 1) / tick;
  }

  private long jiffiesToTimespec(TrapFrame c) {
    long jiffies = c.argument(0);
    c.memory().writeLong(c.argument(1), jiffies / clock.hz());
    c.memory().writeLong(c.argument(1) + 8, jiffies % clock.hz() * (SECOND / clock.hz()));
    return 0;
  }

  /** To whole seconds: down in a second's first quarter, else up, unless that is past. */
  private long round(long jiffies) {
    long rest = Long.remainderUnsigned(jiffies, clock.hz());
    long rounded = rest < clock.hz() / 4 ? jiffies - rest : jiffies - rest + clock.hz();
    return rounded - clock.jiffies() > 0 ? rounded : jiffies;
  }

  private long roundUp(long jiffies) {
    long rest = Long.remainderUnsigned(jiffies, clock.hz());
    long rounded = jiffies - rest + clock.hz();
    return rounded - clock.jiffies() > 0 ? rounded : jiffies;
  }

  /** Declares what lets time pass: delays and sleeps. */
  public static void declareSleeps(FunctionTable table, GuestClock clock, Sleep sleep) {
    table.real("msleep", c -> sleep.pass(c, (c.argument(0) & INT_MASK) * MILLI, 0));
    table.real("msleep_interruptible", c -> sleep.pass(c, (c.argument(0) & INT_MASK) * MILLI, 0));
    table.real("usleep_range_state", c -> sleep.pass(c, c.argument(0) * MICRO, 0));
    table.real("__udelay", c -> delay(clock, c.argument(0) * MICRO));
    table.real("__ndelay", c -> delay(clock, c.argument(0)));
    // Its argument counts 2^32ths of a second, of which 0x10c7 are a microsecond.
    table.real("__const_udelay", c -> delay(clock, c.argument(0) * MICRO / 0x10c7));
    table.real("__delay", c -> delay(clock, c.argument(0)));
    table.real("yield", c -> sleep.pass(c, 0, 0));
    table.real("schedule_hrtimeout", Licence.GPL, c -> hrTimeout(c, clock, sleep));
    table.real("schedule_hrtimeout_range", Licence.GPL, c -> hrTimeout(c, clock, sleep));
  }

  private static long delay(GuestClock clock, long nanos) {
    clock.advance(nanos);
    return 0;
  }

  /** schedule_hrtimeout(ktime_t *expires, mode): absolute mode is 0. */
  private static long hrTimeout(TrapFrame c, GuestClock clock, Sleep sleep) {
    if (c.argument(0) == 0) {
      throw new io.linkout.kernel.cpu.GuestOops(
          "linkout: self-deadlock: schedule_hrtimeout without end, and nothing can wake it");
    }
    long time = c.memory().readLong(c.argument(0));
    long mode = c.argument(1) & INT_MASK;
    return sleep.pass(c, (mode & 1) == 0 ? time - clock.nanos() : time, 0);
  }
}
