package io.linkout.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Write;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteFrameTest {
  private final Random random = new Random(5);
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final FrameStream frames = new FrameStream(InputStream.nullInputStream(), new Slow());

  /** Takes a part of what it is given, as a socket may. */
  private final class Slow implements GatheringByteChannel {
    @Override
    public int write(ByteBuffer from) {
      int count = Math.min(from.remaining(), 1 + random.nextInt(50_000));
      byte[] bytes = new byte[count];
      from.get(bytes);
      sent.writeBytes(bytes);
      return count;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        if (from[i].hasRemaining()) {
          return write(from[i]);
        }
      }
      return 0;
    }

    @Override
    public long write(ByteBuffer[] from) {
      return write(from, 0, from.length);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 4096, 4097, 16_383, 16_384, 65_500, 65_536, 262_144})
  void areWhatTheMessageWouldBe(int size) throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 30; i++) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      long handle = 1L << random.nextInt(63);
      int segment = random.nextInt(3);
      long offset = random.nextInt(2) * random.nextLong(1L << 40);
      ByteBuffer outside = ByteBuffer.allocateDirect(size + 7).put(3, content).slice(3, size);
      frames.send(WireForms.writeHead(handle, segment, offset, size), outside);
      outside.clear();
      for (int place = 0; place < size; place++) {
        // What was sent is nobody's any more.
        outside.put(place, (byte) 0);
      }
      Request message =
          Request.newBuilder()
              .setWrite(
                  Write.newBuilder()
                      .setHandle(handle)
                      .setSegment(segment)
                      .setOffset(offset)
                      .setContent(ByteString.copyFrom(content)))
              .build();
      message.writeDelimitedTo(expected);
      if (random.nextBoolean()) {
        Request other = Request.newBuilder().setWrite(message.getWrite()).build();
        frames.send(other);
        other.writeDelimitedTo(expected);
      }
    }
    frames.flush();
    assertThat(sent.toByteArray()).isEqualTo(expected.toByteArray());
    assertThat(frames.traffic().sent()).isEqualTo(expected.size());
    assertThat(Request.parseDelimitedFrom(new ByteArrayInputStream(sent.toByteArray())).hasWrite())
        .isTrue();
  }
}
