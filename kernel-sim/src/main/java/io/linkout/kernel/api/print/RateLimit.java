package io.linkout.kernel.api.print;

import io.linkout.kernel.cpu.GuestMemory;

/**
 * struct ratelimit_state in guest memory (include/linux/ratelimit_types.h, 6.1, without lock
 * debugging): lock at 0, then ints interval 4, burst 8, printed 12, missed 16, and longs begin 24,
 * flags 32. Times are in jiffies.
 */
record RateLimit(GuestMemory memory, long state) {
  private static final int INTERVAL = 4;
  private static final int BURST = 8;
  private static final int PRINTED = 12;
  private static final int MISSED = 16;
  private static final int BEGIN = 24;
  private static final int FLAGS = 32;

  /** The count of what was suppressed is reported at release, not here. */
  private static final long MESSAGE_ON_RELEASE = 1;

  /**
   * Returns whether one more message may be printed at {@code now}; {@code report} is told how many
   * were suppressed when an interval is over (lib/ratelimit.c).
   */
  boolean allows(long now, java.util.function.IntConsumer report) {
    int interval = memory.readInt(state + INTERVAL);
    if (interval == 0) {
      return true;
    }
    if (memory.readLong(state + BEGIN) == 0) {
      memory.writeLong(state + BEGIN, now);
    }
    if (memory.readLong(state + BEGIN) + interval - now < 0) {
      int missed = memory.readInt(state + MISSED);
      if (missed != 0 && (memory.readLong(state + FLAGS) & MESSAGE_ON_RELEASE) == 0) {
        report.accept(missed);
        memory.writeInt(state + MISSED, 0);
      }
      memory.writeLong(state + BEGIN, now);
      memory.writeInt(state + PRINTED, 0);
    }
    int burst = memory.readInt(state + BURST);
    int printed = memory.readInt(state + PRINTED);
    if (burst != 0 && burst > printed) {
      memory.writeInt(state + PRINTED, printed + 1);
      return true;
    }
    memory.writeInt(state + MISSED, memory.readInt(state + MISSED) + 1);
    return false;
  }
}
