package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A kernel that loads no modules serves status, log and calls, and says so to who asks for more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoModulesTest {
  private final Daemon daemon = Daemon.start("--no-modules");

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"insmod HELLO", "insmod -n HELLO", "lsmod", "lsmod --json", "rmmod hello", "kmap"})
  void refusesWhatIsForModules(String command) {
    Map<String, Long> before = daemon.nine();
    String[] words = command.replace("HELLO", Tool.example("hello")).split(" ", -1);
    Tool.Outcome outcome =
        daemon.run(words[0], java.util.Arrays.copyOfRange(words, 1, words.length)).failed();
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .startsWith(words[0] + ": ERROR: ")
        .contains("this kernel was started with --no-modules: it has no interface for them");
    assertThat(outcome.err().lines().count()).isLessThanOrEqualTo(2);
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @Test
  void insmodHasTheErrorOfAKernelWithoutModules() {
    assertThat(daemon.run("insmod", Tool.example("hello")).failed().err())
        .contains("Function not implemented");
  }

  @Test
  void servesStatusLogAndCalls() {
    assertThat(daemon.run("kernel-sim", "status").ok().out()).contains("modules:  off\n");
    assertThat(daemon.run("kernel-sim", "stats").ok().out())
        .containsPattern("(?m)^modules_off +true$")
        .containsPattern("(?m)^exports +0$")
        .containsPattern("(?m)^export_table_bytes +0$");
    assertThat(daemon.run("dmesg").ok().out()).contains("Linux version");
    assertThat(daemon.run("kcall", "strlen", "str:four").ok().out()).endsWith("4\n");
    assertThat(daemon.run("kcall", "nonesuch").failed().err())
        .isEqualTo("kcall: ERROR: unknown symbol nonesuch: the kernel exports none of that name\n");
  }

  @Test
  void keepsNoSymbolsForModules() {
    assertThat(
            Tool.run(daemon.socket(), "kernel-sim", "run", "--no-modules", "--symbols=kernel")
                .failed()
                .err())
        .contains("--symbols=kernel keeps exports for modules: not with --no-modules");
  }
}
