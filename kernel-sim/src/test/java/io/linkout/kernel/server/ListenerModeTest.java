package io.linkout.kernel.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.session.Peer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** There is no moment in which the socket or its directory lets in more than they should. */
class ListenerModeTest {
  private static final int ROUNDS = 40;

  @TempDir private Path directory;

  /** Looks at a file's permissions all the time, from another thread. */
  private static final class Onlooker implements AutoCloseable {
    private final Set<String> seen = new TreeSet<>();
    private final Thread thread;
    private volatile boolean enough;

    Onlooker(Path file) {
      thread = Thread.ofPlatform().start(() -> look(file));
    }

    private void look(Path file) {
      while (!enough) {
        try {
          seen.add(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)));
        } catch (IOException e) {
          // Not there at the moment.
          Thread.onSpinWait();
        }
      }
    }

    Set<String> seen() {
      close();
      return seen;
    }

    @Override
    public void close() {
      enough = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void theSocketIsTheOwnersAloneWhenItIsBound() throws IOException {
    Path plain = directory.resolve("plain");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(plain));
    }
    assertThat(mode(plain))
        .as("what bind(2) gives, so that this can fail")
        .isNotEqualTo("rw-------");
    KernelServer server = FuzzedKernel.withoutCpu().server;
    Path socket = directory.resolve("k.sock");
    try (ServerLoop loop = new ServerLoop();
        Listener listener = loop.listener()) {
      listener.serve(server, socket);
      assertThat(mode(socket)).isEqualTo("rw-------");
    }
  }

  @Test
  void nobodySeesMoreThanTheModeAskedFor() throws IOException {
    KernelServer server = FuzzedKernel.withoutCpu().server;
    Path socket = directory.resolve("k.sock");
    try (Onlooker onlooker = new Onlooker(socket);
        ServerLoop loop = new ServerLoop()) {
      for (int i = 0; i < ROUNDS; i++) {
        try (Listener listener = loop.listener()) {
          listener.serve(server, socket);
          SocketMode.set(socket, 0660);
        }
        Files.deleteIfExists(socket);
      }
      assertThat(onlooker.seen()).isSubsetOf("rw-------", "rw-rw----");
    }
  }

  @Test
  void nobodySeesMoreOfTheDirectory() throws IOException {
    Path place = directory.resolve("run");
    try (Onlooker onlooker = new Onlooker(place)) {
      for (int i = 0; i < ROUNDS; i++) {
        SocketPlace.claim(place.resolve("k.sock"), false, false).close();
        Files.delete(place.resolve("k.sock.lock"));
        Files.delete(place);
      }
      assertThat(onlooker.seen()).isSubsetOf("rwx------");
    }
  }

  @Test
  void aPeerThatIsNotAllowedIsRefusedWhateverTheMode() {
    KernelServer server = FuzzedKernel.withoutCpu().server;
    assertThat(server.refusal(new Peer(1, 4711))).contains("Operation not permitted");
    assertThat(server.refusal(new Peer(1, FuzzedKernel.USER_UID))).isNull();
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
