package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.GuestOops;

/**
 * Ends kernel functions that a guest made run for ever, such as strstr over gigabytes: nothing else
 * can stop them, since the watchdog stops guest code only. In Linux these are soft lockups. Most
 * end when the time of the guest's call is over ({@link GuestMemory#work}); this bounds what that
 * call may do if its time is long.
 */
final class WorkLimit {
  /** Bytes one call may look at or make; at most a few seconds of work. */
  private static final long BYTES = 1L << 29;

  private final GuestMemory memory;
  private long done;

  /** Counts for a kernel function that works on {@code memory}. */
  WorkLimit(GuestMemory memory) {
    this.memory = memory;
  }

  /** Counts one byte. */
  void count() {
    memory.work(1);
    if (++done > BYTES) {
      throw exceeded();
    }
  }

  /** Returns the oops of a function that does not come to an end. */
  static GuestOops exceeded() {
    return new GuestOops("watchdog: BUG: soft lockup - CPU#0 stuck in a kernel function");
  }
}
