package io.linkout.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.linkout.link.KernelException;
import io.linkout.proto.Protocol;
import io.linkout.rpc.RecordedHandshake.Read;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The handshake between this client and a kernel of an earlier release: what that one said is
 * understood, and it understands this client's Hello, by the schema it was built with.
 */
@Timeout(30)
class OldKernelTest {
  private static final String OLD =
      (String)
          Read.of("Welcome", RecordedHandshake.bytes("welcome-0.1.0")).get("protocol_fingerprint");

  @TempDir private Path directory;

  /** A kernel that answers one client's Hello with {@code welcome}; gives the Hello's bytes. */
  private CompletableFuture<byte[]> kernel(byte[] welcome) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket()));
    return CompletableFuture.supplyAsync(
        () -> {
          try (listener;
              SocketChannel client = listener.accept()) {
            CodedInputStream in = CodedInputStream.newInstance(Channels.newInputStream(client));
            byte[] hello = in.readRawBytes(in.readRawVarint32());
            CodedOutputStream out = CodedOutputStream.newInstance(Channels.newOutputStream(client));
            out.writeUInt32NoTag(welcome.length);
            out.writeRawBytes(welcome);
            out.flush();
            return hello;
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        Thread::startVirtualThread);
  }

  private String socket() {
    return directory.resolve("k.sock").toString();
  }

  private static void assertRefused(String socket) {
    assertThatThrownBy(() -> KernelConnection.open(socket))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "this client speaks protocol %s (release %s), the kernel speaks %s (release 0.1.0): use /opt/linkout-0.1.0/lib/linkout"
                .formatted(Protocol.fingerprint(), Protocol.RELEASE, OLD));
  }

  @Test
  void aRefusalOfThenNamesBothSidesAndItsClient() throws IOException {
    assertThat(OLD).matches("[0-9a-f]{64}").isNotEqualTo(Protocol.fingerprint());
    CompletableFuture<byte[]> hello = kernel(RecordedHandshake.bytes("refusal-0.1.0"));
    assertRefused(socket());
    Read read = Read.of("Hello", hello.join());
    assertThat(read.get("magic")).isEqualTo(0x4c4e4b4f);
    assertThat(read.get("client_release")).isEqualTo(Protocol.RELEASE);
    assertThat(read.get("protocol_fingerprint")).isEqualTo(Protocol.fingerprint());
  }

  @Test
  void aKernelThatHasMoreToSayIsRefusedTheSameWay() throws IOException {
    CompletableFuture<byte[]> hello =
        kernel(RecordedHandshake.later(RecordedHandshake.bytes("refusal-0.1.0")));
    assertRefused(socket());
    assertThat(hello.join()).isNotEmpty();
  }

  @Test
  void itsReleaseIsReadAllTheSame() throws IOException {
    CompletableFuture<byte[]> hello = kernel(RecordedHandshake.bytes("refusal-0.1.0"));
    assertThat(KernelConnection.release(socket())).isEqualTo("6.1.0-linkout");
    assertThat(hello.join()).isNotEmpty();
  }

  /** The schemas' fingerprints made one, so that all of the Welcome is used. */
  @Test
  void aWelcomeOfThenIsReadInFullWhateverElseItSays() throws IOException {
    byte[] welcome = RecordedHandshake.with("welcome-0.1.0", OLD, Protocol.fingerprint());
    CompletableFuture<byte[]> hello = kernel(RecordedHandshake.later(welcome));
    try (KernelConnection kernel = KernelConnection.open(socket())) {
      assertThat(kernel.identity().release()).isEqualTo("6.1.0-linkout");
      assertThat(kernel.identity().vermagic()).isEqualTo("6.1.0-linkout SMP preempt mod_unload ");
      assertThat(kernel.identity().thisModuleSize()).isEqualTo(896);
      assertThat(kernel.identity().features()).hasSize(22).startsWith(0x07888111);
      assertThat(kernel.identity().modversions()).isFalse();
    }
    assertThat(hello.join()).isNotEmpty();
  }
}
