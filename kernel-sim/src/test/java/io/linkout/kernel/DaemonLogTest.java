package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the daemon's own log goes, and how much of it. */
class DaemonLogTest {
  private static final Logger LOG = LoggerFactory.getLogger("test.of.the.log");

  @TempDir private Path directory;

  @AfterEach
  void backToStandardError() {
    DaemonLog.open(null, "ERROR");
  }

  @Test
  void theLevelChangesWithoutLosingALine() throws IOException {
    Path file = directory.resolve("100%d.log");
    DaemonLog.open(file, "warn");
    LOG.info("hidden");
    LOG.warn("first");
    DaemonLog.open(file, "debug");
    LOG.debug("second");
    DaemonLog.open(file, null);
    LOG.debug("hidden");
    LOG.info("third");
    assertThat(Files.readAllLines(file))
        .extracting(l -> l.substring(l.lastIndexOf(' ') + 1))
        .containsExactly("first", "second", "third");
  }

  @Test
  void aFileThatWasMovedAwayIsLeftAloneAfterReload() throws IOException {
    Path file = directory.resolve("log");
    DaemonLog.open(file, "info");
    LOG.info("before");
    Files.move(file, directory.resolve("moved"));
    DaemonLog.open(file, "info");
    LOG.info("after");
    assertThat(Files.readAllLines(directory.resolve("moved"))).hasSize(1);
    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  @Test
  void aFileIsRolledOverAndThreeAreKept() throws Exception {
    Path file = directory.resolve("k.log");
    DaemonLog.open(file, "info");
    String line = "x".repeat(100_000);
    // Its size is looked at every 100 ms only.
    Path third = directory.resolve("k.log.3");
    for (int i = 0; i < 2_000 && !Files.exists(third); i++) {
      for (int j = 0; j < 20; j++) {
        LOG.info(line);
      }
      Thread.sleep(20);
    }
    assertThat(third).exists();
    try (var files = Files.list(directory)) {
      assertThat(files.map(f -> String.valueOf(f.getFileName())))
          .containsExactlyInAnyOrder("k.log", "k.log.1", "k.log.2", "k.log.3");
    }
    assertThat(Files.size(third)).isGreaterThan(DaemonLog.FILE_BYTES);
  }
}
