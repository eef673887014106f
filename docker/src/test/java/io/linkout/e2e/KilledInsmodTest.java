package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * SIGKILL to the real insmod while its module's init runs, and two insmods of one name. That it may
 * be killed at any other place is shown by {@link FaultMatrixTest}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class KilledInsmodTest {
  private final Daemon daemon = Daemon.start();

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  @Test
  void killedWhileInitRuns() throws Exception {
    Map<String, Long> before = daemon.nine();
    Path socket = daemon.directory().resolve("proxy.sock");
    try (FaultProxy proxy =
        new FaultProxy(
            socket,
            daemon.socket(),
            frame -> frame.kind().equals("ACTIVATE") ? frame.length() : -1)) {
      Tool.Running insmod = Tool.start(socket, "insmod", Tool.example("slow_init"), "ms=1500");
      proxy.awaitHalt();
      awaitComing("slow_init");
      insmod.kill();
      proxy.hangUp();
      proxy.await();
    }
    daemon.awaitNoSessions();
    awaitSettled("slow_init");
    assertThat(daemon.live()).as("init finishes and its outcome stands").contains("slow_init");
    daemon.run("rmmod", "slow_init").ok();
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @Test
  void ofTwoInsmodsOfOneNameOneWins() {
    for (int round = 0; round < 5; round++) {
      Map<String, Long> before = daemon.nine();
      Tool.Running a = Tool.start(daemon.socket(), "insmod", Tool.example("slow_init"), "ms=200");
      Tool.Running b = Tool.start(daemon.socket(), "insmod", Tool.example("slow_init"), "ms=200");
      List<Tool.Outcome> outcomes = List.of(a.await(), b.await());
      assertThat(outcomes)
          .filteredOn(o -> o.status() == 0)
          .as("winners of %s", outcomes)
          .hasSize(1);
      Tool.Outcome loser =
          outcomes.stream().filter(o -> o.status() != 0).findFirst().orElseThrow().failed();
      assertThat(loser.err()).contains("could not insert module").contains("File exists");
      daemon.run("rmmod", "slow_init").ok();
      daemon.awaitNoSessions();
      assertThat(daemon.nine()).isEqualTo(before);
    }
  }

  private void awaitComing(String module) {
    for (int i = 0; i < 2000; i++) {
      if (daemon.run("lsmod", "-v").ok().out().contains(module)) {
        return;
      }
      Daemon.pause(5);
    }
    throw new AssertionError(module + " is not being loaded");
  }

  private void awaitSettled(String module) {
    for (int i = 0; i < 2000; i++) {
      String list = daemon.run("lsmod", "-v").ok().out();
      if (list.lines().noneMatch(l -> l.startsWith(module) && l.contains("Loading"))) {
        return;
      }
      Daemon.pause(5);
    }
    throw new AssertionError(module + " is still being loaded");
  }
}
