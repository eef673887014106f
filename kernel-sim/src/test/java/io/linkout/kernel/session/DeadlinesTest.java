package io.linkout.kernel.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  /** Time that passes when the test says so. */
  private static final class Clock implements Scheduler {
    private static final class Alarm {
      final long due;
      final Runnable action;

      Alarm(long due, Runnable action) {
        this.due = due;
        this.action = action;
      }
    }

    private final List<Alarm> alarms = new ArrayList<>();
    private long now;

    @Override
    public Timer after(Duration delay, Runnable action) {
      Alarm alarm = new Alarm(now + delay.toSeconds(), action);
      alarms.add(alarm);
      return () -> alarms.remove(alarm);
    }

    void pass(int seconds) {
      now += seconds;
      List<Alarm> due = alarms.stream().filter(a -> a.due <= now).toList();
      alarms.removeAll(due);
      due.forEach(a -> a.action.run());
    }
  }

  private final Clock clock = new Clock();
  private final List<Deadlines.Missed> missed = new ArrayList<>();
  private final Deadlines deadlines =
      new Deadlines(clock, Deadlines.Allowance.DEFAULT, missed::add);

  @Test
  void helloWithinTenSeconds() {
    clock.pass(9);
    assertThat(missed).isEmpty();
    clock.pass(1);
    assertThat(missed).containsExactly(Deadlines.Missed.HELLO);
  }

  @Test
  void anIdleSessionStays() {
    deadlines.greeted();
    deadlines.frameBegun();
    deadlines.frameEnded();
    deadlines.replySent();
    deadlines.replyTaken(true);
    clock.pass(1_000_000);
    assertThat(missed).isEmpty();
    assertThat(clock.alarms).isEmpty();
  }

  @Test
  void aFrameIsWholeWithinThirtySecondsOfItsBeginning() {
    deadlines.greeted();
    deadlines.frameBegun();
    clock.pass(20);
    deadlines.frameBegun();
    clock.pass(9);
    assertThat(missed).isEmpty();
    clock.pass(1);
    assertThat(missed).containsExactly(Deadlines.Missed.FRAME);
  }

  @Test
  void aReplyIsTakenWithinThirtySecondsOfTheLastOneTaken() {
    deadlines.greeted();
    deadlines.replySent();
    clock.pass(20);
    deadlines.replySent();
    deadlines.replyTaken(false);
    clock.pass(29);
    assertThat(missed).isEmpty();
    clock.pass(1);
    assertThat(missed).containsExactly(Deadlines.Missed.REPLY);
  }

  @Test
  void onlyOneIsMissedAndNoneOnceStopped() {
    deadlines.frameBegun();
    clock.pass(100);
    assertThat(missed).containsExactly(Deadlines.Missed.HELLO);
    Deadlines other = new Deadlines(clock, Deadlines.Allowance.DEFAULT, missed::add);
    other.replySent();
    other.stop();
    other.frameBegun();
    clock.pass(100);
    assertThat(missed).hasSize(1);
    assertThat(clock.alarms).isEmpty();
  }
}
