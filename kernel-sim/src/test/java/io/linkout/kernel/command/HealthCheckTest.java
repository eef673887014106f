package io.linkout.kernel.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.testing.RecordedHandshake;
import io.linkout.proto.Protocol;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.handshake.Limits;
import io.linkout.proto.handshake.Welcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kernel is well if it says Welcome, and in no other case. */
@Timeout(60)
class HealthCheckTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  private static final Welcome WELCOME =
      Welcome.newBuilder()
          .setMagic(Protocol.MAGIC)
          .setRelease("6.1.0-test")
          .setVermagic("v".repeat(300))
          .setLimits(Limits.newBuilder().setSessionBytes(1L << 40))
          .addCpuFeatures(-1)
          .setModversions(true)
          .setPid(4711)
          .build();

  @TempDir private Path directory;

  @Test
  void itsHelloIsTheOneThatProtobufWrites() throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    Hello.newBuilder()
        .setMagic(Protocol.MAGIC)
        .setClientRelease(Protocol.RELEASE)
        .setProtocolFingerprint(Protocol.fingerprint())
        .build()
        .writeDelimitedTo(expected);
    ByteBuffer hello = HealthCheck.hello();
    byte[] written = new byte[hello.remaining()];
    hello.get(written);
    assertThat(written).isEqualTo(expected.toByteArray());
  }

  @Test
  void aWelcomeIsWellWholeOrInPieces() throws IOException {
    assertThat(answered(WELCOME, Integer.MAX_VALUE)).isTrue();
    assertThat(answered(WELCOME, 1)).isTrue();
    Welcome large = WELCOME.toBuilder().setHeadersDirectory("d".repeat(9000)).build();
    assertThat(answered(large, 700)).isTrue();
  }

  @Test
  void aWelcomeThatHasMoreToSayIsWell() throws IOException {
    byte[] later = RecordedHandshake.later(WELCOME.toByteArray());
    assertThat(HealthCheck.welcomes(ByteBuffer.wrap(later))).isTrue();
    byte[] refusal = WELCOME.toBuilder().setRefusal("no").build().toByteArray();
    assertThat(HealthCheck.welcomes(ByteBuffer.wrap(RecordedHandshake.later(refusal)))).isFalse();
  }

  @Test
  void aRefusalIsNot() throws IOException {
    assertThat(answered(WELCOME.toBuilder().setRefusal("no").build(), Integer.MAX_VALUE)).isFalse();
  }

  @Test
  void strangersAndHangingUpAreNot() throws IOException {
    assertThat(answered(WELCOME.toBuilder().setMagic(7).build(), Integer.MAX_VALUE)).isFalse();
    assertThat(answered(null, 1)).isFalse();
    assertThat(HealthCheck.answers(directory.resolve("nothing"), LONG)).isFalse();
    assertThat(HealthCheck.answers(Path.of("/" + "x".repeat(200)), LONG)).isFalse();
  }

  @Test
  void silenceIsNot() throws IOException {
    // It listens, as the socket of a kernel whose event loop hangs does, and nobody accepts.
    try (ServerSocketChannel silent = listen()) {
      assertThat(HealthCheck.answers(directory.resolve("s"), Duration.ofMillis(50))).isFalse();
      assertThat(silent.isOpen()).isTrue();
    }
  }

  private ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(directory.resolve("s")));
  }

  /** Runs a check against one that says {@code welcome}, {@code piece} bytes at a time. */
  private boolean answered(@Nullable Welcome welcome, int piece) throws IOException {
    try (ServerSocketChannel server = listen()) {
      CompletableFuture<Void> kernel = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try (SocketChannel channel = server.accept()) {
                  Hello hello = Hello.parseDelimitedFrom(Channels.newInputStream(channel));
                  if (welcome != null && hello.getMagic() == Protocol.MAGIC) {
                    say(welcome, piece, channel);
                  }
                  kernel.complete(null);
                } catch (IOException e) {
                  kernel.completeExceptionally(e);
                }
              });
      boolean answers = HealthCheck.answers(directory.resolve("s"), LONG);
      kernel.exceptionally(e -> null).join();
      return answers;
    } finally {
      java.nio.file.Files.deleteIfExists(directory.resolve("s"));
    }
  }

  private static void say(Welcome welcome, int piece, SocketChannel channel) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    welcome.writeDelimitedTo(frame);
    byte[] bytes = frame.toByteArray();
    for (int at = 0; at < bytes.length; at += Math.min(piece, bytes.length - at)) {
      channel.write(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
    }
  }
}
