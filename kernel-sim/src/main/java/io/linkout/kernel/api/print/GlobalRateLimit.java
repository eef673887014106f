package io.linkout.kernel.api.print;

/**
 * The one limit that all callers of printk_ratelimit share: ten messages in five seconds.
 *
 * <p>Its state is the kernel's, not the guest's, so it is kept here; the rules are those of {@link
 * RateLimit}.
 */
final class GlobalRateLimit {
  private final long interval;
  private final int burst;
  private long begin;
  private int printed;
  private int missed;

  /**
   * @param interval in jiffies
   */
  GlobalRateLimit(long interval, int burst) {
    this.interval = interval;
    this.burst = burst;
  }

  /** Begins a new interval if the last is over, and returns what it suppressed, else 0. */
  int missedAt(long now) {
    if (begin == 0) {
      begin = now;
    }
    if (begin + interval - now >= 0) {
      return 0;
    }
    int suppressed = missed;
    missed = 0;
    printed = 0;
    begin = now;
    return suppressed;
  }

  /** Returns whether one more message may be printed, and counts it. */
  boolean allows() {
    if (printed < burst) {
      printed++;
      return true;
    }
    missed++;
    return false;
  }
}
