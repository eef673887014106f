package io.linkout.kernel.api.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.GuestProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clocks that leap when the guest sleeps, and what runs later. */
class TimeTest {
  private static final int HZ = 250;

  private final GuestProgram guest = new GuestProgram();

  @AfterEach
  void close() {
    guest.close();
  }

  private long jiffies() {
    return guest.memory().readLong(guest.address("jiffies"));
  }

  @Test
  void jiffiesBeginFiveMinutesBeforeTheyWrap() {
    assertThat(jiffies()).isBetween(0xffffffffL - 300 * HZ, 0xffffffffL - 200 * HZ);
    assertThat(guest.address("jiffies")).isEqualTo(guest.address("jiffies_64"));
  }

  @ParameterizedTest
  @CsvSource({
    "msleep, 3600000, 3600",
    "usleep_range_state, 2000000, 2",
    "__udelay, 5000000, 5",
    "__ndelay, 1000000000, 1",
    "schedule_timeout_uninterruptible, 2501, 10" // the first of them has begun already
  })
  void sleepingLetsTimePassAtOnce(String function, long amount, long seconds) {
    long before = guest.call("ktime_get");
    guest.call(function, amount, amount);
    assertThat(guest.call("ktime_get") - before).isGreaterThanOrEqualTo(seconds * 1_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "__msecs_to_jiffies, 1000, 250",
    "__msecs_to_jiffies, 1, 1",
    "__msecs_to_jiffies, 0, 0",
    "__usecs_to_jiffies, 4001, 2",
    "jiffies_to_msecs, 250, 1000",
    "jiffies_to_usecs, 1, 4000",
    "nsecs_to_jiffies, 8000000, 2",
    "jiffies64_to_nsecs, 3, 12000000",
    "jiffies_to_clock_t, 250, 100"
  })
  void jiffiesAreConverted(String function, long amount, long expected) {
    assertThat(guest.call(function, amount)).isEqualTo(expected);
  }

  @Test
  void timersRunInOrderWhileTheCallerSleeps() {
    long cell = guest.room(8);
    long late = timer(guest.recorder(cell, 2));
    long early = timer(guest.recorder(cell, 1));
    long never = timer(guest.recorder(cell, 3));
    assertThat(guest.call("mod_timer", late, jiffies() + 100 * HZ)).isZero();
    assertThat(guest.call("mod_timer", early, jiffies() + 50 * HZ)).isZero();
    assertThat(guest.call("mod_timer", never, jiffies() + 60 * HZ)).isZero();
    assertThat(guest.counters().registrations()).isEqualTo(3);
    assertThat(guest.memory().readLong(late + 8)).isNotZero();
    assertThat(guest.call("timer_delete_sync", never)).isEqualTo(1);
    assertThat(guest.call("timer_delete", never)).isZero();
    guest.call("msleep", 200_000);
    assertThat(guest.memory().readLong(cell)).isEqualTo(0x12);
    assertThat(guest.memory().readLong(late + 8)).isZero();
    assertThat(guest.counters().registrations()).isZero();
  }

  private long timer(long function) {
    long timer = guest.room(40);
    guest.call("init_timer_key", timer, function, 0, 0, 0);
    return timer;
  }

  @Test
  void queuedWorkRunsWhenTheCallThatQueuedItEnds() {
    long cell = guest.room(8);
    long work = guest.room(32);
    guest.memory().writeLong(work + 24, guest.recorder(cell, 5));
    assertThat(guest.call("queue_work_on", 0, 0, work)).isEqualTo(1);
    assertThat(guest.memory().readLong(cell)).isEqualTo(5);
    assertThat(guest.memory().readLong(work) & 1).isZero();
  }

  @Test
  void delayedWorkWaitsAndCanBeCancelled() {
    long cell = guest.room(8);
    long work = guest.room(88);
    guest.memory().writeLong(work + 24, guest.recorder(cell, 5));
    assertThat(guest.call("queue_delayed_work_on", 0, 0, work, 10 * HZ)).isEqualTo(1);
    assertThat(guest.call("queue_delayed_work_on", 0, 0, work, 10 * HZ)).isZero();
    assertThat(guest.call("cancel_delayed_work_sync", work)).isEqualTo(1);
    guest.call("msleep", 60_000);
    assertThat(guest.memory().readLong(cell)).isZero();
    guest.call("queue_delayed_work_on", 0, 0, work, 10 * HZ);
    guest.call("msleep", 60_000);
    assertThat(guest.memory().readLong(cell)).isEqualTo(5);
  }

  @Test
  void highResolutionTimersMayRestart() {
    long cell = guest.room(8);
    long timer = guest.room(64);
    guest.call("hrtimer_init", timer, 1, 1);
    guest.memory().writeLong(timer + 40, guest.recorder(cell, 1));
    guest.call("hrtimer_start_range_ns", timer, 1_000_000_000L, 0, 1);
    assertThat(guest.call("hrtimer_active", timer)).isEqualTo(1);
    guest.call("msleep", 2000);
    assertThat(guest.memory().readLong(cell)).isEqualTo(1);
    assertThat(guest.call("hrtimer_active", timer)).isZero();
  }

  @Test
  void secondsAndTheRestComeBackInTwoRegisters() {
    // rdx cannot be seen from outside, but rax rounds down for negative times too.
    assertThat(guest.call("ns_to_timespec64", 2_500_000_000L)).isEqualTo(2);
    assertThat(guest.call("ns_to_timespec64", -1)).isEqualTo(-1);
  }

  @Test
  void randomBytesAreThoseOfTheSeed() {
    try (GuestProgram other = new GuestProgram()) {
      assertThat(other.call("get_random_u64")).isEqualTo(guest.call("get_random_u64"));
      assertThat(other.call("get_random_u32")).isBetween(0L, 0xffffffffL);
    }
    long state = guest.room(16);
    for (int i = 0; i < 4; i++) {
      guest.memory().writeInt(state + 4L * i, 1234 + i);
    }
    assertThat(guest.call("prandom_u32_state", state)).isNotEqualTo(0);
  }
}
