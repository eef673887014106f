package io.linkout.kernel.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.PollWindow;
import io.netty.channel.SelectStrategy;
import org.junit.jupiter.api.Test;

class PollingTest {
  private long now = 1_000_000;
  private int ready;
  private int asked;
  private final Polling polling = new Polling(new PollWindow(100_000), () -> now);

  private int next(boolean hasTasks) throws Exception {
    return polling.calculateStrategy(
        () -> {
          asked++;
          return ready;
        },
        hasTasks);
  }

  /** An event ends a sleep after {@code nanos}. */
  private void sleep(long nanos) throws Exception {
    while (next(false) != SelectStrategy.SELECT) {
      now += 1_000;
    }
    now += nanos;
  }

  @Test
  void anIdleLoopSleepsAtOnce() throws Exception {
    assertThat(next(false)).isEqualTo(SelectStrategy.SELECT);
    assertThat(asked).isZero();
  }

  @Test
  void looksBeforeItSleepsOnceWaitsAreShort() throws Exception {
    sleep(5_000);
    assertThat(next(false)).isZero();
    now += 99_999;
    assertThat(next(false)).isZero();
    now += 1;
    assertThat(next(false)).isEqualTo(SelectStrategy.SELECT);
  }

  @Test
  void sleepsAtOnceAfterLongWaits() throws Exception {
    sleep(5_000);
    for (int i = 0; i < 4; i++) {
      sleep(100_000);
    }
    assertThat(next(false)).isEqualTo(SelectStrategy.SELECT);
  }

  @Test
  void takesWhatComesMeanwhile() throws Exception {
    sleep(5_000);
    assertThat(next(false)).isZero();
    ready = 3;
    now += 4_000;
    assertThat(next(false)).isEqualTo(3);
    ready = 0;
    // the wait begins anew
    now += 50_000;
    assertThat(next(false)).isZero();
    now += 99_999;
    assertThat(next(false)).isZero();
  }

  @Test
  void tasksAreDoneBeforeAnySleep() throws Exception {
    ready = 2;
    assertThat(next(true)).isEqualTo(2);
    ready = 0;
    assertThat(next(true)).isZero();
    sleep(5_000);
    assertThat(next(false)).isZero();
    now += 5_000;
    assertThat(next(true)).isZero();
    now += 99_999;
    assertThat(next(false)).isZero();
  }
}
