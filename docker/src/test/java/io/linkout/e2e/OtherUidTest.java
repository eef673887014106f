package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another uid is refused in one clear line unless it is allowed; a reader may only read. */
@Tag("loader")
class OtherUidTest {
  private static final String UID = "54321";

  @BeforeAll
  static void needsRootAndSetpriv() {
    boolean possible;
    try {
      possible = Tool.start(as("test", "-r", Tool.example("hello"))).await().status() == 0;
    } catch (java.io.UncheckedIOException e) {
      possible = false;
    }
    if (!possible) {
      System.err.println(
          "SKIPPED: OtherUidTest needs root, setpriv, and a clone that other uids can read");
    }
    assumeTrue(possible, "needs root, setpriv, and a clone that other uids can read");
  }

  private static List<String> as(String... command) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("setpriv", "--reuid", UID, "--regid", UID, "--clear-groups", "--"));
    words.addAll(List.of(command));
    return words;
  }

  private static Tool.Outcome run(Daemon daemon, String name, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Tool.TOP.resolve("bin").resolve(name).toString());
    words.add("--socket");
    words.add(daemon.socket().toString());
    words.addAll(List.of(arguments));
    return Tool.start(as(words.toArray(String[]::new))).await();
  }

  private static void open(Daemon daemon) throws IOException {
    // The test's own directory is private; the daemon makes only those that are not there.
    Files.setPosixFilePermissions(daemon.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void theKernelRefusesWhoIsNotAllowed() throws IOException {
    try (Daemon daemon = Daemon.start("--socket-mode", "0666")) {
      open(daemon);
      for (String tool : List.of("lsmod", "dmesg")) {
        Tool.Outcome outcome = run(daemon, tool).failed();
        assertThat(outcome.err().lines())
            .singleElement()
            .asString()
            .startsWith(tool + ": ERROR: ")
            .contains("Operation not permitted")
            .contains(UID);
      }
      assertThat(run(daemon, "insmod", Tool.example("hello")).failed().err())
          .contains("Operation not permitted");
      assertThat(daemon.live()).isEmpty();
    }
  }

  @Test
  void theSocketItselfIsForItsOwnerAlone() throws IOException {
    try (Daemon daemon = Daemon.start()) {
      open(daemon);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(daemon.socket())))
          .isEqualTo("rw-------");
      assertThat(run(daemon, "lsmod").failed().err().lines()).hasSize(1);
    }
  }

  @Test
  void whoIsAllowedMayLoad() throws IOException {
    try (Daemon daemon = Daemon.start("--socket-mode", "0666", "--allow-uid", UID)) {
      open(daemon);
      run(daemon, "insmod", Tool.example("exporter")).ok();
      run(daemon, "insmod", Tool.example("importer")).ok();
      assertThat(daemon.live()).containsExactly("importer", "exporter");
      assertThat(run(daemon, "ksym", "_printk").ok().out()).contains(" [kernel] _printk ");
    }
  }

  @Test
  void aReaderReadsAndNothingElse() throws IOException {
    try (Daemon daemon = Daemon.start("--socket-mode", "0666", "--allow-read-uid", UID)) {
      open(daemon);
      daemon.run("insmod", Tool.example("hello")).ok();
      assertThat(run(daemon, "lsmod").out()).contains("hello");
      assertThat(run(daemon, "dmesg").out()).contains("Hello, world");
      List<Tool.Outcome> outcomes = new ArrayList<>();
      outcomes.add(run(daemon, "insmod", Tool.example("exporter")));
      outcomes.add(run(daemon, "rmmod", "hello"));
      outcomes.add(run(daemon, "dmesg", "-C"));
      Tool.Outcome symbol = run(daemon, "ksym", "_printk");
      if (Daemon.USERSPACE) {
        // It is in a file for who may connect.
        symbol.ok();
      } else {
        outcomes.add(symbol);
      }
      for (Tool.Outcome refused : outcomes) {
        assertThat(refused.failed().err())
            .as("%s", refused)
            .containsAnyOf("Operation not permitted", "may only list");
      }
      assertThat(daemon.live()).containsExactly("hello");
    }
  }
}
