package io.linkout.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which socket is meant: option, variable, the user's own, the system's. */
class SocketPathTest {
  @Test
  void theOptionBeatsTheVariable() {
    assertThat(SocketPath.find("/a", Map.of("LINKOUT_SOCKET", "/b"))).isEqualTo("/a");
    assertThat(SocketPath.find(null, Map.of("LINKOUT_SOCKET", "/b"))).isEqualTo("/b");
  }

  @Test
  void theUsersOwnOnlyIfItExists(@TempDir Path runtime) throws IOException {
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", runtime.toString());
    assertThat(SocketPath.find(null, environment)).isEqualTo(SocketPath.SYSTEM);
    Path socket = runtime.resolve("linkout/kernel.sock");
    Files.createDirectories(runtime.resolve("linkout"));
    Files.createFile(socket);
    assertThat(SocketPath.find(null, environment)).isEqualTo(socket.toString());
    assertThat(SocketPath.find(null, Map.of())).isEqualTo("/run/linkout/kernel.sock");
  }

  @Test
  void aPathOfOver107BytesIsRefused() {
    String longest = "/" + "ä".repeat(53);
    assertThat(SocketPath.find(longest, Map.of())).isEqualTo(longest);
    assertThatThrownBy(() -> SocketPath.find(longest + "x", Map.of()))
        .hasMessageContaining("is 108 bytes long: the limit is 107");
    assertThatThrownBy(() -> SocketPath.find("", Map.of())).hasMessage("the socket path is empty");
  }
}
