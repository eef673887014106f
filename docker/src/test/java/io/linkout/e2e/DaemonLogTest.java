package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.Remove;
import io.linkout.proto.wire.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the daemon's own log says of what its clients do: a line an event, and who did it. */
class DaemonLogTest {
  private static final String STAMP =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) ";
  private static final String WHO = "session=\\d+ pid=\\d+ uid=\\d+ ";

  @Test
  void eachEventHasSessionPidUidAndModule() throws IOException {
    try (Daemon daemon = Daemon.start()) {
      daemon.run("insmod", Tool.example("hello")).ok();
      daemon.run("rmmod", "hello").ok();
      daemon.run("insmod", Tool.example("init_fails")).failed();
      List<String> events = log(daemon);
      assertThat(events).anyMatch(l -> l.matches(STAMP + "INFO  " + WHO + "module=hello loaded"));
      assertThat(events).anyMatch(l -> l.matches(STAMP + "INFO  " + WHO + "module=hello removed"));
      assertThat(events)
          .anyMatch(l -> l.matches(STAMP + "INFO  " + WHO + "module=init_fails not loaded: .*"));
      assertThat(events).noneMatch(l -> l.contains("opened"));
    }
  }

  @Test
  void theLevelChangesAtRunTime() throws IOException {
    try (Daemon daemon = Daemon.start()) {
      daemon.run("lsmod").ok();
      daemon.run("kernel-sim", "reload", "--log-level", "debug").ok();
      daemon.run("lsmod").ok();
      daemon.run("kernel-sim", "reload", "--log-level", "error").ok();
      int then = log(daemon).size();
      daemon.run("insmod", Tool.example("hello")).ok();
      daemon.run("rmmod", "hello").ok();
      assertThat(log(daemon)).hasSize(then);
      assertThat(log(daemon))
          .anyMatch(l -> l.matches(STAMP + "DEBUG " + WHO + "module=- opened"))
          .anyMatch(l -> l.matches(STAMP + "DEBUG " + WHO + "module=- ended"));
    }
  }

  @Test
  void nothingThatAClientMakesUpIsALineOfItsOwn() throws IOException {
    String forged = "x\n2026-11-23T00:00:00.000Z ERROR session=1 pid=1 uid=0 module=y forged";
    try (Daemon daemon = Daemon.start()) {
      try (Wire wire = Wire.open(daemon.socket())) {
        wire.ask(Request.newBuilder().setRemove(Remove.newBuilder().setName(forged)).build());
      }
      assertThat(log(daemon))
          .noneMatch(l -> l.startsWith("2026-11-23T00:00:00.000Z"))
          .anyMatch(
              l ->
                  l.matches(
                      STAMP
                          + "INFO  "
                          + WHO
                          + "module=x\\\\x0a2026-11-23T00:00:00\\.000Z\\?ERROR\\?.* not removed: .*"));
    }
  }

  private static List<String> log(Daemon daemon) throws IOException {
    return Files.readAllLines(Path.of(daemon.socket() + ".log"));
  }
}
