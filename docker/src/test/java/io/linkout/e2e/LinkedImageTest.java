package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What insmod makes of files, seen from outside: the image, the size, and what is no module. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class LinkedImageTest {
  private final Daemon daemon = Daemon.start();

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  @Test
  void binutilsReadTheImage() throws IOException {
    Path image = daemon.directory().resolve("hello.elf");
    Path map = daemon.directory().resolve("hello.map");
    daemon
        .run(
            "insmod",
            "-n",
            "--no-fixups",
            "--image",
            image.toString(),
            "--map",
            map.toString(),
            Tool.example("hello"))
        .ok();
    assertThat(daemon.live()).doesNotContain("hello");
    String line =
        Files.readAllLines(map).stream()
            .filter(l -> l.endsWith(" T hello_add"))
            .findFirst()
            .orElseThrow();
    Path readelf = Path.of("/usr/bin/readelf");
    assumeTrue(Files.isExecutable(readelf), "readelf is needed");
    String headers =
        Tool.start(List.of(readelf.toString(), "-hSsW", image.toString())).await().ok().out();
    assertThat(headers).contains("EXEC (Executable file)", ".init.text");
    assertThat(headers).containsPattern(line.substring(0, 16) + " .* hello_add");
  }

  /** Text, constants and data, a page each; not the text of a parameter. */
  @Test
  void lsmodShowsTheSizeOfTheLayout() {
    daemon.run("insmod", Tool.example("hello"), "whom=you").ok();
    assertThat(daemon.run("lsmod").ok().out()).containsPattern("(?m)^hello +12288  0$");
    daemon.run("rmmod", "hello").ok();
  }

  @Test
  void whatIsNoFileIsRefusedAtOnce() {
    assertThat(daemon.run("insmod", "/dev/zero").failed().err()).contains("not a regular file");
    assertThat(daemon.run("insmod", "/").failed().err()).contains("Is a directory");
  }
}
