package io.linkout.rpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.linkout.proto.PollWindow;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/**
 * Frames on a byte stream: a varint32 length, then that many bytes. Confined to one thread; does
 * not own the stream nor the channel, which takes all it is given sooner or later.
 */
final class FrameStream {
  /** Far more than any reply the schema allows; a longer length is garbage. */
  private static final int LONGEST = 1 << 28;

  private static final int BUFFER = 1 << 16;

  /** Bytes of the longest length of a frame. */
  private static final int LENGTH_BYTES = 5;

  /** To copy so many bytes costs less than to send them by themselves. */
  private static final int SMALL = 1 << 12;

  private final PollWindow window = new PollWindow();
  private final InputStream in;
  private final GatheringByteChannel out;
  private final byte[] queue = new byte[BUFFER];
  private final ByteBuffer queued = ByteBuffer.wrap(queue);
  private byte[] buffer = new byte[1 << 13];
  private int start;
  private int end;
  private long sent;
  private long received;
  private long roundTrips;
  private boolean asked;

  FrameStream(InputStream in, GatheringByteChannel out) {
    this.in = in;
    this.out = out;
  }

  /** Queues a frame; it leaves at {@link #flush} or when the buffer is full. */
  void send(MessageLite message) throws IOException {
    int size = message.getSerializedSize();
    begin(size, size);
    boolean fits = queued.remaining() >= size;
    byte[] bytes = fits ? queue : new byte[size];
    CodedOutputStream frame =
        CodedOutputStream.newInstance(bytes, fits ? queued.position() : 0, size);
    message.writeTo(frame);
    frame.checkNoSpaceLeft();
    if (fits) {
      queued.position(queued.position() + size);
    } else {
      send(ByteBuffer.wrap(bytes));
    }
  }

  /**
   * Queues a frame that consists of {@code head} and {@code content}; content of some size leaves
   * from where it lies, and has left when this returns.
   */
  void send(byte[] head, ByteBuffer content) throws IOException {
    int size = Math.addExact(head.length, content.remaining());
    begin(size, head.length);
    queued.put(head);
    if (content.remaining() <= Math.min(SMALL, queued.remaining())) {
      queued.put(content);
    } else {
      send(content);
    }
  }

  /** Queues the length of a frame; there is room for {@code more} bytes then if there ever is. */
  private void begin(int size, int more) throws IOException {
    if (queued.remaining() < LENGTH_BYTES + more) {
      flush();
    }
    int lengthBytes = CodedOutputStream.computeUInt32SizeNoTag(size);
    CodedOutputStream length = CodedOutputStream.newInstance(queue, queued.position(), lengthBytes);
    length.writeUInt32NoTag(size);
    length.checkNoSpaceLeft();
    queued.position(queued.position() + lengthBytes);
    sent += lengthBytes + size;
    asked = true;
  }

  /** Sends what is queued, and {@code last} after it. */
  private void send(ByteBuffer last) throws IOException {
    queued.flip();
    ByteBuffer[] both = {queued, last};
    while (last.hasRemaining() || queued.hasRemaining()) {
      out.write(both);
    }
    queued.clear();
  }

  /** Sends what is queued. */
  void flush() throws IOException {
    queued.flip();
    while (queued.hasRemaining()) {
      out.write(queued);
    }
    queued.clear();
  }

  /** Returns what has passed so far. */
  Traffic traffic() {
    return new Traffic(sent, received, roundTrips);
  }

  /**
   * Waits for the next frame.
   *
   * @throws EOFException if the stream ends before or in it
   */
  <T> T receive(Parser<T> parser) throws IOException {
    if (asked) {
      roundTrips++;
      asked = false;
    }
    int length = length();
    fill(length);
    T message = parser.parseFrom(buffer, start, length);
    start += length;
    received += CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    return message;
  }

  private int length() throws IOException {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      fill(1);
      byte b = buffer[start++];
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        if (value < 0 || value > LONGEST) {
          throw new IOException("the kernel sent a frame of " + (value & 0xffffffffL) + " bytes");
        }
        return value;
      }
    }
    throw new IOException("the kernel sent a frame length of more than five bytes");
  }

  /** Returns once at least {@code count} bytes lie between start and end. */
  private void fill(int count) throws IOException {
    if (end - start >= count) {
      return;
    }
    if (buffer.length - start < count) {
      byte[] target = count > buffer.length ? new byte[count] : buffer;
      System.arraycopy(buffer, start, target, 0, end - start);
      buffer = target;
      end -= start;
      start = 0;
    }
    while (end - start < count) {
      int read = read();
      if (read < 0) {
        throw new EOFException("the kernel closed the connection");
      }
      end += read;
    }
  }

  /** Reads what is there, or comes first. */
  @SuppressWarnings("ThreadPriorityCheck") // no order is relied on
  private int read() throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < window.nanos() && in.available() == 0) {
      Thread.yield();
    }
    int read = in.read(buffer, end, buffer.length - end);
    window.came(System.nanoTime() - start);
    return read;
  }
}
