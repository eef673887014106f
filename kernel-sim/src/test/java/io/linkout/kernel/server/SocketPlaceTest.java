package io.linkout.kernel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketPlaceTest {
  @TempDir private Path directory;

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private Path socket() {
    return directory.resolve("run").resolve("k.sock");
  }

  private static void bind(Path socket) throws IOException {
    // Closing a channel leaves its file behind, as a killed daemon does.
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
    }
  }

  @Test
  void theDirectoryIsForTheOwnerUnlessOthersMayConnect() throws IOException {
    SocketPlace.claim(socket(), false, false).close();
    assertThat(mode(directory.resolve("run"))).isEqualTo("rwx------");
    Path other = directory.resolve("a/b/k.sock");
    SocketPlace.claim(other, true, false).close();
    assertThat(mode(directory.resolve("a/b"))).isEqualTo("rwxr-xr-x");
  }

  @Test
  void aStaleSocketIsReplaced() throws IOException {
    Files.createDirectories(socket().getParent());
    bind(socket());
    assertThat(socket()).exists();
    try (SocketPlace place = SocketPlace.claim(socket(), false, false)) {
      assertThat(place.socket()).isEqualTo(socket()).doesNotExist();
    }
  }

  @Test
  void aLiveSocketIsAnError() throws IOException {
    Files.createDirectories(socket().getParent());
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket()));
      assertThatThrownBy(() -> SocketPlace.claim(socket(), false, false))
          .hasMessage(socket() + " is served by another program");
      assertThat(socket()).exists();
    }
  }

  @Test
  void twoKernelsCannotShareASocket() throws IOException {
    SocketPlace first = SocketPlace.claim(socket(), false, false);
    assertThatThrownBy(() -> SocketPlace.claim(socket(), false, false))
        .hasMessageContaining("a kernel runs there already, pid " + ProcessHandle.current().pid());
    first.close();
    SocketPlace.claim(socket(), false, false).close();
  }

  @Test
  void whatIsNoSocketIsLeftAlone() throws IOException {
    Files.createDirectories(socket().getParent());
    Files.writeString(socket(), "precious");
    assertThatThrownBy(() -> SocketPlace.claim(socket(), false, false))
        .hasMessageContaining("is no socket");
    assertThat(socket()).hasContent("precious");
  }

  @Test
  void anInheritedSocketIsNeitherReplacedNorRemoved() throws IOException {
    Files.createDirectories(socket().getParent());
    bind(socket());
    SocketPlace.claim(socket(), false, true).close();
    assertThat(socket()).exists();
  }

  @Test
  void aPathThatNoAddressHoldsIsAnError() {
    Path longest = directory.resolve("x".repeat(107 - directory.toString().length() - 1));
    assertThat(longest.toString()).hasSize(107);
    assertThatThrownBy(
            () ->
                SocketPlace.claim(
                    longest.resolveSibling(longest.getFileName() + "y"), false, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("at most 107 bytes, this one has 108");
  }

  @Test
  void theClientLinkComesAndGoesWithTheSocket() throws IOException {
    Path link = directory.resolve("run").resolve("k.sock.client");
    try (SocketPlace place = SocketPlace.claim(socket(), false, false)) {
      place.linkClient("/opt/one");
      place.linkClient("/opt/two");
      assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("/opt/two"));
      place.linkClient("");
      assertThat(link.toFile()).doesNotExist();
      place.linkClient("/opt/three");
    }
    assertThat(Files.isSymbolicLink(link)).isFalse();
  }

  @Test
  void whatAKilledKernelLinkedIsReplacedAndWhatIsSomebodyElsesStays() throws IOException {
    Files.createDirectories(socket().getParent());
    Path link = directory.resolve("run").resolve("k.sock.client");
    Files.createSymbolicLink(link, directory.resolve("gone"));
    SocketPlace place = SocketPlace.claim(socket(), false, false);
    place.linkClient("/opt/one");
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("/opt/one"));
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("/opt/two"));
    place.close();
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("/opt/two"));
  }

  @Test
  void aNameThatIsTakenLeavesNothingBehind() throws IOException {
    Files.createDirectories(socket().getParent());
    Path name = Files.createDirectories(directory.resolve("run/k.sock.client/full"));
    try (SocketPlace place = SocketPlace.claim(socket(), false, false)) {
      assertThatThrownBy(() -> place.linkClient("/opt/one")).isInstanceOf(IOException.class);
    }
    try (var left = Files.list(directory.resolve("run"))) {
      assertThat(left)
          .containsExactlyInAnyOrder(name.getParent(), socket().resolveSibling("k.sock.lock"));
    }
  }

  @Test
  void modesAreThoseOfTheNumber() {
    assertThat(PosixFilePermissions.toString(SocketMode.permissions(0600))).isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(SocketMode.permissions(0751))).isEqualTo("rwxr-x--x");
    assertThat(SocketMode.permissions(0)).isEmpty();
  }
}
