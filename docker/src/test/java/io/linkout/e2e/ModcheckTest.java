package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** modcheck against the running kernel: it says what a load would, and leaves nothing there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class ModcheckTest {
  private Daemon daemon;

  @BeforeAll
  void startKernel() {
    daemon = Daemon.start();
  }

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  @Test
  void theNineFiguresAreAsBefore() {
    daemon.run("insmod", Tool.example("exporter")).ok();
    Map<String, Long> before = daemon.nine();
    Tool.Outcome outcome =
        daemon.run(
            "modcheck",
            Tool.example("hello"),
            Tool.example("importer"),
            Tool.example("unknown_symbol"),
            Tool.example("wrong_vermagic"));
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out().lines())
        .contains("ok hello", "ok importer", "2 passed, 2 failed")
        .contains("FAIL unknown_symbol Unknown symbol in module")
        .contains("FAIL wrong_vermagic Invalid module format");
    assertThat(daemon.nine()).isEqualTo(before);
    daemon.run("rmmod", "exporter").ok();
  }

  @Test
  void aTerminalIsShownHowFarItIs() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")),
        "SKIPPED: no script (bsdutils), which makes a terminal");
    String command =
        Tool.TOP.resolve("bin/modcheck")
            + " --socket "
            + daemon.socket()
            + " "
            + Tool.example("hello")
            + " "
            + Tool.example("percpu");
    Tool.Outcome outcome = Tool.start(List.of("script", "-qec", command, "/dev/null")).await().ok();
    // The bar is drawn, taken away for a line of output, and gone at the end.
    assertThat(outcome.out())
        .contains("] 1/2", "] 2/2", "ok hello\r\n")
        .endsWith("\r\033[K2 passed, 0 failed\r\n");
    assertThat(daemon.run("modcheck", Tool.example("hello"), Tool.example("percpu")).ok().err())
        .isEmpty();
  }

  @Test
  void whatIsCheckedTogetherExportsToEachOther() {
    Map<String, Long> before = daemon.nine();
    daemon.run("modcheck", Tool.example("importer"), Tool.example("exporter")).ok();
    assertThat(daemon.run("modcheck", Tool.example("importer")).status()).isEqualTo(1);
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @Test
  void structModuleHasTheSizeThatTheKernelSays() {
    assertThat(daemon.run("modcheck", "--json", Tool.example("hello")).out())
        .containsPattern("\"bytes\": [1-9][0-9]*,\n *\"from\": \"the running kernel\"");
  }
}
