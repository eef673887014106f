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
                    + " --session-handles 5 --max-sessions 6 --max-queue 8 --max-sessions-uid 9"
                    + " --max-frame 8K --max-pipelined 10 --max-names 11 --max-entries 13"
                    + " --max-followers 14 --max-arguments 3 --max-call-memory 15"
                    + " --hello-timeout 0.1 --frame-timeout 2 --reply-timeout 3"
                    + " --allow-read-uid 77 --log-file /l --log-level"
                    + " Debug")
                .split(" ", -1));
    assertThat(options.socket()).isEqualTo(Path.of("/s"));
    assertThat(options.headers()).isEqualTo(Path.of("/h"));
    assertThat(options.initTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(options.allowedUids()).containsExactlyInAnyOrder(7, -2);
    assertThat(options.socketMode()).isEqualTo(0660);
    assertThat(options.readUids()).containsExactly(77);
    assertThat(options.limits())
        .isEqualTo(
            new io.linkout.kernel.session.Limits(8192, 10, 11, 5, 3 << 20, 13, 3, 15, 6, 9, 14));
    assertThat(options.deadlines())
        .isEqualTo(
            new io.linkout.kernel.session.Deadlines.Allowance(
                Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(3)));
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
    "--max-frame,100",
    "--max-frame,1G",
    "--max-arguments,13",
    "--max-followers,0",
    "--hello-timeout,0",
    "--reply-timeout,soon",
    "--allow-read-uid,you",
    "--log-level,loud",
    "--symbols,nowhere",
  })
  void valuesThatCannotBeAreNamed(String option, String value) {
    assertThatThrownBy(() -> parse(option, value))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(option)
        .hasMessageContaining(value);
  }
}
