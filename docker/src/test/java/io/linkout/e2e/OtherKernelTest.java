package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Another kernel than 6.1, such as Debian's backports have it: LINKOUT_OTHER_KERNEL names the root
 * that its image and headers packages were unpacked in. Everything is by its headers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class OtherKernelTest {
  private Path tree = Path.of("none");
  private Path headers = Path.of("none");

  @BeforeAll
  void find() throws IOException {
    String root = System.getenv("LINKOUT_OTHER_KERNEL");
    Assumptions.assumeTrue(root != null, "SKIPPED: LINKOUT_OTHER_KERNEL is not set");
    Path top = Path.of(String.valueOf(root));
    try (Stream<Path> releases = Files.list(top.resolve("lib/modules"))) {
      tree = releases.sorted().findFirst().orElseThrow();
    }
    headers = top.resolve("usr/src/linux-headers-" + tree.getFileName());
  }

  private String module(String name) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      return files
          .map(Path::toString)
          .filter(file -> file.contains("/" + name + ".ko"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void everyModuleWouldLoad() {
    Tool.Outcome outcome =
        Tool.run(
            Path.of("/nowhere"),
            "modcheck",
            "--kernel-headers",
            headers.toString(),
            tree.toString());
    assertThat(outcome.out().lines().filter(line -> line.startsWith("FAIL"))).isEmpty();
    assertThat(outcome.out()).endsWith(" passed, 0 failed\n");
  }

  @Test
  void someDo() throws IOException {
    try (Daemon daemon = Daemon.start("--kernel-headers", headers.toString())) {
      Map<String, Long> before = daemon.nine();
      for (String name : List.of("crc7", "crc-itu-t", "cordic", "libarc4", "bch", "lru_cache")) {
        daemon.run("insmod", module(name)).ok();
      }
      assertThat(daemon.run("kcall", "crc7:crc7_be", "0", "str:123456789", "9").ok().out())
          .isEqualTo("0x00000000000000ea\n");
      daemon.run("rmmod", "crc7", "crc-itu-t", "cordic", "libarc4", "bch", "lru_cache").ok();
      assertThat(daemon.nine()).isEqualTo(before);
    }
  }
}
