package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.testing.RawClient;
import io.linkout.kernel.testing.RecordedHandshake;
import io.linkout.kernel.testing.RecordedHandshake.Read;
import io.linkout.proto.Protocol;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Stats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The handshake between this kernel and a client of an earlier release: what that one sent is
 * understood, and it understands what it is told, by the schema it was built with.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(30)
class OldClientTest {
  private static final String OLD = (String) Read.of("Hello", hello()).get("protocol_fingerprint");

  private final TestDaemon daemon = new TestDaemon();

  @AfterAll
  void stop() {
    daemon.close();
  }

  private static byte[] hello() {
    return RecordedHandshake.bytes("hello-0.1.0");
  }

  /** The same client, if its schema were today's. */
  private static byte[] rightHello() {
    return RecordedHandshake.with("hello-0.1.0", OLD, Protocol.fingerprint());
  }

  private static byte[] framed(byte[] message) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    int length = message.length;
    for (; length > 0x7f; length >>>= 7) {
      frame.write((length & 0x7f) | 0x80);
    }
    frame.write(length);
    frame.writeBytes(message);
    return frame.toByteArray();
  }

  private static Read welcome(RawClient client) throws IOException {
    ByteBuffer frame = client.frame();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return Read.of("Welcome", bytes);
  }

  @Test
  void anotherSchemaIsRefusedInWordsThatTheClientReads() throws IOException {
    assertThat(OLD).matches("[0-9a-f]{64}").isNotEqualTo(Protocol.fingerprint());
    for (byte[] hello : new byte[][] {hello(), RecordedHandshake.later(hello())}) {
      try (RawClient client = RawClient.connect(daemon.socket)) {
        Read welcome = welcome(client.bytes(framed(hello)));
        assertThat(welcome.get("magic")).isEqualTo(0x4c4e4b4f);
        assertThat(welcome.get("protocol_fingerprint")).isEqualTo(Protocol.fingerprint());
        assertThat(welcome.get("daemon_release")).isEqualTo(Protocol.RELEASE);
        assertThat(welcome.get("client_directory")).isEqualTo("/opt/client");
        assertThat(welcome.get("release")).isEqualTo("6.1.0-test");
        assertThat(welcome.get("refusal"))
            .isEqualTo(
                "the client speaks protocol %s (release 0.1.0), the kernel %s (release %s)"
                    .formatted(OLD, Protocol.fingerprint(), Protocol.RELEASE));
        client.awaitEnd();
      }
    }
  }

  @Test
  void theSameSchemaIsServedWhateverElseTheHelloSays() throws IOException {
    Request stats = Request.newBuilder().setStats(Stats.getDefaultInstance()).build();
    for (byte[] hello : new byte[][] {rightHello(), RecordedHandshake.later(rightHello())}) {
      try (RawClient client = RawClient.connect(daemon.socket)) {
        Read welcome = welcome(client.bytes(framed(hello)));
        assertThat(welcome.get("refusal")).isEqualTo("");
        assertThat(welcome.get("architecture")).isEqualTo("x86_64");
        assertThat(welcome.get("pid")).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(
                new Read((com.google.protobuf.DynamicMessage) welcome.get("limits"))
                    .get("frame_bytes"))
            .isEqualTo(1 << 16);
        assertThat(client.ask(stats).getStats().getRelease()).isEqualTo("6.1.0-test");
      }
    }
  }
}
