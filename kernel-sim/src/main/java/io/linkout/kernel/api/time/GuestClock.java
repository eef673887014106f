package io.linkout.kernel.api.time;

import java.util.function.LongSupplier;

/**
 * Time as the guest sees it: the host's, plus what the guest slept. Sleeping advances it at once;
 * nobody waits. Read by any thread, advanced by the CPU thread.
 */
public final class GuestClock {
  private static final long SECOND = 1_000_000_000L;

  private final LongSupplier hostNanos;
  private final long start;
  private final long wallAtStart;
  private final int hz;
  private volatile long skew;
  private Runnable advanced = () -> {};

  /**
   * A clock that starts now, at 0.
   *
   * @param hostNanos monotonic nanoseconds
   * @param wallNanos nanoseconds since 1970 at this moment
   * @param hz ticks a second
   */
  public GuestClock(LongSupplier hostNanos, long wallNanos, int hz) {
    this.hostNanos = hostNanos;
    this.start = hostNanos.getAsLong();
    this.wallAtStart = wallNanos;
    this.hz = hz;
  }

  /** Returns nanoseconds since boot. */
  public long nanos() {
    return hostNanos.getAsLong() - start + skew;
  }

  /** Returns nanoseconds since 1970. */
  public long wallNanos() {
    return wallAtStart + nanos();
  }

  /** Returns ticks a second. */
  public int hz() {
    return hz;
  }

  /** Returns ticks since boot, plus where Linux starts them: five minutes before 32 bits wrap. */
  public long jiffies() {
    return initialJiffies() + ticks(nanos());
  }

  /** Returns {@code INITIAL_JIFFIES} of include/linux/jiffies.h. */
  public long initialJiffies() {
    return -300L * hz & 0xffffffffL;
  }

  /**
   * Returns the moment, in nanoseconds since boot, at which {@link #jiffies} reaches {@code value}.
   */
  public long nanosAt(long value) {
    long ticks = value - initialJiffies();
    return ticks <= 0 ? 0 : ticks / hz * SECOND + (ticks % hz * SECOND + hz - 1) / hz;
  }

  /** Lets {@code nanos} pass. */
  public void advance(long nanos) {
    if (nanos > 0) {
      addSkew(nanos);
    }
  }

  /** Lets time pass until {@code nanos} since boot, if that is not past. */
  public void advanceTo(long nanos) {
    advance(nanos - nanos());
  }

  private synchronized void addSkew(long nanos) {
    skew += nanos;
    advanced.run();
  }

  /** Says what to run on the CPU thread whenever time has leapt. */
  void onAdvance(Runnable action) {
    advanced = action;
  }

  /** Does what is done when time has leapt: guest code is about to look at it. */
  public void show() {
    advanced.run();
  }

  private long ticks(long nanos) {
    return nanos / SECOND * hz + nanos % SECOND * hz / SECOND;
  }
}
