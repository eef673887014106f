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
  void opensUntilShortWaitsEndInIt() {
    for (int i = 0; i < 20; i++) {
      window.came(35_000);
    }
    assertThat(window.nanos()).isEqualTo(40_000);
  }

  @Test
  void opensNoFurtherThanTheMost() {
    for (int i = 0; i < 20; i++) {
      window.came(99_999);
    }
    assertThat(window.nanos()).isEqualTo(100_000);
  }

  @Test
  void isShutByOneLongWait() {
    for (int i = 0; i < 20; i++) {
      window.came(50_000);
    }
    window.came(100_000);
    assertThat(window.nanos()).isZero();
  }

  @Test
  void staysShutWhereNobodyMayLook() {
    PollWindow never = new PollWindow(0);
    never.came(0);
    never.came(5_000);
    assertThat(never.nanos()).isZero();
  }
}
