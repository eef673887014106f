package io.linkout.kernel.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessNameTest {
  @TempDir Path directory;

  private String read(String comm) throws IOException {
    Path file = directory.resolve("comm");
    Files.write(file, comm.getBytes(StandardCharsets.ISO_8859_1));
    return ProcessName.read(file);
  }

  @Test
  void ofThisProcess() throws IOException {
    String own = Files.readString(Path.of("/proc/self/comm")).strip();
    assertThat(ProcessName.of((int) ProcessHandle.current().pid())).isEqualTo(own).isNotEmpty();
  }

  @Test
  void nothingThatCouldForgeALineOfTheLog() throws IOException {
    assertThat(read("insmod\n")).isEqualTo("insmod");
    assertThat(read("a\nBUG: x\u001b[0m\u00ff\n")).isEqualTo("a?BUG: x?[0m?");
    assertThat(read("far too long for a name\n")).isEqualTo("far too long fo");
  }

  @Test
  void ofNobody() {
    assertThat(ProcessName.of(0)).isEmpty();
    assertThat(ProcessName.of(-1)).isEmpty();
    assertThat(ProcessName.read(directory.resolve("none"))).isEmpty();
  }
}
