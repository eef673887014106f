package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.command.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunOptionsTest {
  private static DaemonOptions parse(String... words) throws Failure {
    return RunOptions.parse(List.of(words), Map.of()).daemon();
  }

  @Test
  void defaultsAreThoseOfTheContract() throws Failure {
    DaemonOptions options = parse();
    assertThat(options.socket()).isEqualTo(Path.of("/run/linkout/kernel.sock"));
    assertThat(options.headers()).isNull();
    assertThat(options.initTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.allowedUids()).isEmpty();
    assertThat(options.socketMode()).isEqualTo(0600);
    assertThat(options.limits().sessions()).isEqualTo(4096);
    assertThat(options.logFile()).isNull();
  }

  @Test
  void everyOptionIsHeard() throws Failure {
    DaemonOptions options =
        parse(
            ("--socket /s --kernel-headers /h --symbols kernel --init-timeout 0.5 --allow-uid 7"
                    + " --allow-uid 4294967294 --socket-mode 0660 --session-memory 3M"
                    + " --session-handles 5 --max-sessions 6 --max-queue 8 --log-file /l --log-level"
                    + " Debug")
                .split(" ", -1));
    assertThat(options.socket()).isEqualTo(Path.of("/s"));
    assertThat(options.headers()).isEqualTo(Path.of("/h"));
    assertThat(options.initTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(options.allowedUids()).containsExactlyInAnyOrder(7, -2);
    assertThat(options.socketMode()).isEqualTo(0660);
    assertThat(options.limits().sessionBytes()).isEqualTo(3 << 20);
    assertThat(options.limits().sessionHandles()).isEqualTo(5);
    assertThat(options.limits().sessions()).isEqualTo(6);
    assertThat(options.maxQueue()).isEqualTo(8);
    assertThat(options.logFile()).isEqualTo(Path.of("/l"));
    assertThat(options.logLevel()).isEqualTo("Debug");
  }

  @ParameterizedTest
  @CsvSource({
    "--init-timeout,0",
    "--init-timeout,x",
    "--init-timeout,NaN",
    "--allow-uid,me",
    "--allow-uid,-1",
    "--socket-mode,888",
    "--socket-mode,01777",
    "--session-memory,0",
    "--session-memory,1T",
    "--session-memory,99999999999G",
    "--session-handles,0",
    "--max-sessions,-4",
    "--max-queue,many",
    "--log-level,loud",
    "--symbols,nowhere",
    "--symbols,userspace",
  })
  void valuesThatCannotBeAreNamed(String option, String value) {
    assertThatThrownBy(() -> parse(option, value))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(option)
        .hasMessageContaining(value);
  }
}
