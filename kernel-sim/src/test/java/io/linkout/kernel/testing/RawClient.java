package io.linkout.kernel.testing;

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
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client that says whatever a test wants said. */
public final class RawClient implements AutoCloseable {
  private final SocketChannel channel;

  private RawClient(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects and says nothing. */
  public static RawClient connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return new RawClient(channel);
  }

  /** Connects and shakes hands. */
  public static RawClient open(Path socket) throws IOException {
    RawClient client = connect(socket);
    client.send(hello());
    Welcome welcome = client.welcome();
    if (!welcome.getRefusal().isEmpty()) {
      throw new IOException(welcome.getRefusal());
    }
    return client;
  }

  /** Returns a right Hello. */
  public static Hello hello() {
    return Hello.newBuilder()
        .setMagic(Protocol.MAGIC)
        .setClientRelease("test")
        .setProtocolFingerprint(Protocol.fingerprint())
        .build();
  }

  /** Sends messages as one burst. */
  public RawClient send(MessageLite... messages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (MessageLite message : messages) {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeUInt32NoTag(message.getSerializedSize());
      message.writeTo(out);
      out.flush();
    }
    return bytes(bytes.toByteArray());
  }

  /** Sends bytes as they are; what the kernel no longer wants is lost. */
  public RawClient bytes(byte... bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      if (!channel.isOpen()) {
        throw e;
      }
    }
    return this;
  }

  /** Sends a request and returns the next reply. */
  public Reply ask(Request request) throws IOException {
    send(request);
    return reply();
  }

  /** Returns the next reply. */
  public Reply reply() throws IOException {
    return Reply.parseFrom(frame());
  }

  /** Returns the kernel's greeting. */
  public Welcome welcome() throws IOException {
    return Welcome.parseFrom(frame());
  }

  /** Waits for the end of the connection; anything but the end is a failure. */
  public void awaitEnd() throws IOException {
    try {
      int count = channel.read(ByteBuffer.allocate(1));
      if (count >= 0) {
        throw new AssertionError("the kernel says more");
      }
    } catch (java.net.SocketException e) {
      // Reset: closed with something of ours unread.
      return;
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("reset")) {
        throw e;
      }
    }
  }

  /** Returns the bytes of the next frame, whatever they are. */
  public ByteBuffer frame() throws IOException {
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = read(1).get();
      length |= (next & 0x7f) << shift;
      if (next >= 0) {
        return read(length);
      }
    }
  }

  private ByteBuffer read(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the kernel closed the connection");
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() {
    hangUp();
  }

  /** Ends the connection in the middle of a test. */
  public void hangUp() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
