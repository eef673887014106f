package io.linkout.kernel.command;

import io.linkout.proto.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Whether a kernel answers: {@code kernel-sim status --quiet}. It asks what every client asks
 * first, and believes nothing but the answer: a socket file, a process or a listening socket may be
 * there when the event loop behind it is not.
 *
 * <p>It is run every few seconds for as long as a container lives, so it does without protobuf,
 * whose first message costs a third of such a process. It can: Hello and Welcome are frozen for
 * ever (handshake.proto).
 */
public final class HealthCheck {
  /** Field 1, a fixed32. */
  private static final byte MAGIC_TAG = 1 << 3 | 5;

  /** Fields 2 and 3, strings. */
  private static final byte RELEASE_TAG = 2 << 3 | 2;

  private static final byte FINGERPRINT_TAG = 3 << 3 | 2;

  /** Field 10 of Welcome. */
  private static final int REFUSAL = 10;

  /** How long a kernel may take to answer before it counts as not well. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private HealthCheck() {}

  /**
   * The launcher's short way: {@code status -q [--socket PATH]} and nothing else, on a class path
   * of two jars with an AOT cache of its own. Ends the process with status 0 or 1.
   */
  public static void main(String[] words) {
    String option = words.length == 4 ? words[3] : null;
    boolean well;
    try {
      well = answers(Sockets.ofClient(option, System.getenv()), PATIENCE);
    } catch (RuntimeException e) {
      // A path that cannot be one: nobody answers there.
      well = false;
    }
    Runtime.getRuntime().halt(well ? 0 : 1);
  }

  /**
   * Returns true if the kernel at {@code socket} lets us in, and says so within {@code patience}.
   */
  static boolean answers(Path socket, Duration patience) {
    Thread guard = null;
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A thread and not a selector: it is less code to load.
      guard = Thread.ofPlatform().daemon().start(() -> closeAfter(patience, channel));
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer hello = hello();
      while (hello.hasRemaining()) {
        channel.write(hello);
      }
      return welcomes(frame(channel));
    } catch (IOException | RuntimeException e) {
      // Whatever it is, it is no kernel that answers.
      return false;
    } finally {
      if (guard != null) {
        guard.interrupt();
      }
    }
  }

  /** Ends whatever waits for {@code channel} when {@code patience} is over. */
  private static void closeAfter(Duration patience, SocketChannel channel) {
    try {
      Thread.sleep(patience);
      channel.close();
    } catch (InterruptedException | IOException e) {
      // The answer was there in time; or the channel is closed, which is what was wanted.
      return;
    }
  }

  /** Returns a frame with a Hello of this build. */
  static ByteBuffer hello() {
    byte[] release = Protocol.RELEASE.getBytes(StandardCharsets.US_ASCII);
    byte[] fingerprint = Protocol.fingerprint().getBytes(StandardCharsets.US_ASCII);
    int length = 5 + 2 + release.length + 2 + fingerprint.length;
    // Lengths under 128 are one byte each.
    return ByteBuffer.allocate(1 + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) length)
        .put(MAGIC_TAG)
        .putInt(Protocol.MAGIC)
        .put(RELEASE_TAG)
        .put((byte) release.length)
        .put(release)
        .put(FINGERPRINT_TAG)
        .put((byte) fingerprint.length)
        .put(fingerprint)
        .flip();
  }

  /** Returns true if {@code frame} is a Welcome, and one without a refusal. */
  static boolean welcomes(ByteBuffer frame) {
    frame.order(ByteOrder.LITTLE_ENDIAN);
    boolean known = false;
    while (frame.hasRemaining()) {
      int tag = varint(frame);
      int field = tag >>> 3;
      switch (tag & 7) {
        case 0 -> varint(frame);
        case 1 -> frame.getLong();
        case 2 -> {
          int length = varint(frame);
          if (field == REFUSAL && length > 0) {
            return false;
          }
          frame.position(frame.position() + length);
        }
        case 5 -> {
          int value = frame.getInt();
          known |= field == 1 && value == Protocol.MAGIC;
        }
        default -> {
          return false;
        }
      }
    }
    return known;
  }

  private static ByteBuffer frame(SocketChannel channel) throws IOException {
    // A Welcome is a few hundred bytes: what is read at once is nearly always all of it.
    ByteBuffer bytes = ByteBuffer.allocate(4096);
    int length = -1;
    while (length < 0 || bytes.position() < length) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("end of stream");
      }
      if (length < 0) {
        ByteBuffer start = bytes.duplicate().flip();
        int prefix = prefixBytes(start);
        if (prefix > 0) {
          int payload = varint(start);
          if (payload < 0 || payload > Protocol.HANDSHAKE_FRAME_BYTES) {
            throw new IOException("not a Welcome");
          }
          length = prefix + payload;
          ByteBuffer whole = ByteBuffer.allocate(Math.max(length, bytes.position()));
          bytes = whole.put(bytes.flip());
        }
      }
    }
    ByteBuffer frame = bytes.flip();
    varint(frame);
    return frame.limit(length);
  }

  /**
   * Returns how many bytes the varint at the start of {@code bytes} has, 0 if not all are there.
   */
  private static int prefixBytes(ByteBuffer bytes) {
    for (int i = 0; i < bytes.limit(); i++) {
      if (bytes.get(i) >= 0) {
        return i + 1;
      }
    }
    return 0;
  }

  private static int varint(ByteBuffer bytes) {
    int value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = bytes.get();
      value |= shift < 32 ? (next & 0x7f) << shift : 0;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalStateException("a varint of more than ten bytes");
  }
}
