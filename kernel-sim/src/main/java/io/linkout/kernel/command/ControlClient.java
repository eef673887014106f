package io.linkout.kernel.command;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.linkout.proto.OtherBuild;
import io.linkout.proto.Protocol;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A blocking connection to a kernel, for the few requests that these commands make. */
final class ControlClient implements AutoCloseable {
  private final SocketChannel channel;
  private final Welcome welcome;

  private ControlClient(SocketChannel channel, Welcome welcome) {
    this.channel = channel;
    this.welcome = welcome;
  }

  /**
   * Connects and shakes hands.
   *
   * @throws Failure if there is no kernel, or it will not talk to us
   */
  static ControlClient connect(Path socket) throws Failure {
    SocketChannel channel;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException e) {
      throw new Failure("no Unix sockets here: " + e.getMessage());
    }
    boolean kept = false;
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      Welcome welcome = shakeHands(channel, socket);
      kept = true;
      return new ControlClient(channel, welcome);
    } catch (IOException | IllegalArgumentException e) {
      if (String.valueOf(e.getMessage()).contains("Permission denied")) {
        throw new Failure(socket + ": Permission denied");
      }
      throw new Failure("no kernel at " + socket + ": is kernel-sim running?");
    } finally {
      if (!kept) {
        close(channel);
      }
    }
  }

  /** Returns what the kernel said of itself. */
  Welcome welcome() {
    return welcome;
  }

  /**
   * Sends a request and returns its answer.
   *
   * @throws Failure if the kernel refuses it or goes away
   */
  Reply ask(Request request) throws Failure {
    try {
      send(channel, request);
      Reply reply = Reply.parseFrom(frame(channel));
      if (reply.hasError()) {
        throw new Failure(reply.getError().getMessage());
      }
      return reply;
    } catch (IOException e) {
      throw new Failure("the kernel closed the connection: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    close(channel);
  }

  private static Welcome shakeHands(SocketChannel channel, Path socket)
      throws IOException, Failure {
    Hello hello =
        Hello.newBuilder()
            .setMagic(Protocol.MAGIC)
            .setClientRelease(Protocol.RELEASE)
            .setProtocolFingerprint(Protocol.fingerprint())
            .build();
    try {
      send(channel, hello);
    } catch (IOException e) {
      // It may have said why before it hung up: read on.
    }
    Welcome welcome = Welcome.parseFrom(frame(channel));
    if (welcome.getRefusal().isEmpty()) {
      return welcome;
    }
    if (!welcome.getProtocolFingerprint().equals(Protocol.fingerprint())) {
      throw new Failure(OtherBuild.message(welcome, socket.toString()));
    }
    throw new Failure(welcome.getRefusal());
  }

  private static void send(SocketChannel channel, MessageLite message) throws IOException {
    int length = message.getSerializedSize();
    byte[] frame = new byte[CodedOutputStream.computeUInt32SizeNoTag(length) + length];
    CodedOutputStream out = CodedOutputStream.newInstance(frame);
    out.writeUInt32NoTag(length);
    message.writeTo(out);
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static ByteBuffer frame(SocketChannel channel) throws IOException {
    int length = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte next = read(channel, 1).get();
      length |= (next & 0x7f) << shift;
      if (next >= 0) {
        return read(channel, length);
      }
    }
    throw new IOException("not a frame");
  }

  private static ByteBuffer read(SocketChannel channel, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("end of stream");
      }
    }
    return bytes.flip();
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is lost by it: the kernel frees what a connection held however it ends.
      return;
    }
  }
}
