package io.linkout.proto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PollWindowTest {
  private final PollWindow window = new PollWindow(100_000);

  @Test
  void isShutAtFirst() {
    assertThat(window.nanos()).isZero();
  }

  @Test
  void aShortWaitOpensIt() {
    window.came(99_999);
    assertThat(window.nanos()).isEqualTo(100_000);
  }

  @Test
  void aLongWaitHalvesIt() {
    window.came(50_000);
    window.came(100_000);
    assertThat(window.nanos()).isEqualTo(50_000);
  }

  @Test
  void longWaitsShutIt() {
    shutByLongWaits();
    assertThat(window.nanos()).isZero();
  }

  private void shutByLongWaits() {
    window.came(50_000);
    for (int i = 0; i < 4; i++) {
      window.came(3_000_000);
    }
  }

  @Test
  void aShortWaitOpensItAgain() {
    shutByLongWaits();
    window.came(50_000);
    assertThat(window.nanos()).isEqualTo(100_000);
  }

  @Test
  void staysShutWhereNobodyMayLook() {
    PollWindow never = new PollWindow(0);
    never.came(0);
    never.came(5_000);
    assertThat(never.nanos()).isZero();
  }
}
