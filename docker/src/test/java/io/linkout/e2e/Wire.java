package io.linkout.e2e;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.linkout.proto.Protocol;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client of our own, so that tests can say what no real client would. */
final class Wire implements AutoCloseable {
  private final SocketChannel channel;

  private Wire(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects and says nothing. */
  static Wire connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return new Wire(channel);
  }

  /** Connects and shakes hands. */
  static Wire open(Path socket) throws IOException {
    Wire wire = connect(socket);
    wire.hello();
    return wire;
  }

  /** Says a right Hello and returns the Welcome. */
  Welcome hello() throws IOException {
    send(
        Hello.newBuilder()
            .setMagic(Protocol.MAGIC)
            .setClientRelease("test")
            .setProtocolFingerprint(Protocol.fingerprint())
            .build());
    return welcome();
  }

  /** Returns the kernel's Welcome. */
  Welcome welcome() throws IOException {
    return Welcome.parseFrom(frame());
  }

  /** Sends one frame. */
  void send(MessageLite message) throws IOException {
    bytes(framed(message.toByteArray()));
  }

  /** Returns {@code content} with its length before it. */
  static byte[] framed(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    coded.writeUInt32NoTag(content.length);
    coded.flush();
    out.write(content);
    return out.toByteArray();
  }

  /** Sends bytes as they are. */
  void bytes(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Sends a request and returns its reply. */
  Reply ask(Request request) throws IOException {
    send(request);
    return reply();
  }

  /** Returns the next reply. */
  Reply reply() throws IOException {
    return Reply.parseFrom(frame());
  }

  /** Returns true if the kernel has closed the connection and has nothing more to say. */
  boolean closed() throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    try {
      return channel.read(one) < 0;
    } catch (IOException e) {
      return true; // reset: closed with our bytes unread
    }
  }

  /** No more is sent; replies can still be read. */
  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  private byte[] frame() throws IOException {
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      int b = read(1)[0];
      length |= (b & 0x7f) << shift;
      if (b >= 0) {
        return read(length);
      }
    }
  }

  private byte[] read(int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the kernel closed the connection");
      }
    }
    return buffer.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
