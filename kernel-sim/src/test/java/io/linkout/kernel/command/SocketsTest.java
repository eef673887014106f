package io.linkout.kernel.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketsTest {
  private static final Path SYSTEM = Path.of("/run/linkout/kernel.sock");

  @TempDir private Path runtime;

  @Test
  void theOptionCountsBeforeTheVariable() {
    Map<String, String> environment = Map.of("LINKOUT_SOCKET", "/v");
    assertThat(Sockets.ofDaemon("/o", environment)).isEqualTo(Path.of("/o"));
    assertThat(Sockets.ofDaemon(null, environment)).isEqualTo(Path.of("/v"));
    assertThat(Sockets.ofClient("/o", environment)).isEqualTo(Path.of("/o"));
    assertThat(Sockets.ofClient(null, environment)).isEqualTo(Path.of("/v"));
  }

  @Test
  void aUsersDaemonServesHisRuntimeDirectory() {
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", runtime.toString());
    assertThat(Sockets.ofDaemon(null, environment))
        .isEqualTo(runtime.resolve("linkout/kernel.sock"));
    assertThat(
            Sockets.ofDaemon(
                null,
                Map.of("XDG_RUNTIME_DIR", runtime.toString(), "RUNTIME_DIRECTORY", "/run/linkout")))
        .isEqualTo(SYSTEM);
    assertThat(Sockets.ofDaemon(null, Map.of())).isEqualTo(SYSTEM);
  }

  @Test
  void aClientLooksThereFirst() throws IOException {
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", runtime.toString());
    assertThat(Sockets.ofClient(null, environment)).isEqualTo(SYSTEM);
    Files.createDirectory(runtime.resolve("linkout"));
    Files.createFile(runtime.resolve("linkout/kernel.sock"));
    assertThat(Sockets.ofClient(null, environment))
        .isEqualTo(runtime.resolve("linkout/kernel.sock"));
  }
}
