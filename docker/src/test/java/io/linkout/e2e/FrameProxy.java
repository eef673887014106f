package io.linkout.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stands between one client and the kernel, passes whole frames on, and tells of each before and
 * after. When either side closes, both are closed.
 */
final class FrameProxy implements AutoCloseable {
  /** Which way a frame goes. */
  enum Direction {
    TO_KERNEL,
    TO_CLIENT
  }

  /** Where in a frame's passage something can happen. */
  enum Moment {
    BEFORE,
    MIDDLE,
    AFTER
  }

  /** Told of each moment of each frame; numbers count from 0 in each direction. */
  @FunctionalInterface
  interface Watcher {
    /** Returns false to pass nothing more on: the connection is cut there. */
    boolean passing(Direction direction, int number, Moment moment);
  }

  private final ServerSocketChannel listener;
  private final Path socket;
  private final CountDownLatch over = new CountDownLatch(2);

  /** Listens on {@code socket} for one client of the kernel at {@code kernel}. */
  FrameProxy(Path socket, Path kernel, Watcher watcher) throws IOException {
    this.socket = socket;
    Files.deleteIfExists(socket);
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofPlatform().daemon().name("proxy").start(() -> accept(kernel, watcher));
  }

  private void accept(Path kernel, Watcher watcher) {
    try {
      SocketChannel client = listener.accept();
      SocketChannel daemon = SocketChannel.open(StandardProtocolFamily.UNIX);
      daemon.connect(UnixDomainSocketAddress.of(kernel));
      Thread.ofPlatform()
          .daemon()
          .name("proxy-back")
          .start(() -> pass(daemon, client, Direction.TO_CLIENT, watcher));
      pass(client, daemon, Direction.TO_KERNEL, watcher);
    } catch (IOException e) {
      over.countDown();
      over.countDown();
    }
  }

  private void pass(SocketChannel from, SocketChannel to, Direction direction, Watcher watcher) {
    try {
      for (int number = 0; ; number++) {
        byte[] frame = frame(from);
        if (frame.length == 0 || !watcher.passing(direction, number, Moment.BEFORE)) {
          break;
        }
        int half = frame.length / 2;
        write(to, frame, 0, half);
        if (!watcher.passing(direction, number, Moment.MIDDLE)) {
          break;
        }
        write(to, frame, half, frame.length - half);
        if (!watcher.passing(direction, number, Moment.AFTER)) {
          break;
        }
      }
    } catch (IOException e) {
      // the other side is gone, which is what these tests are about
    } finally {
      close(from);
      close(to);
      over.countDown();
    }
  }

  /** Returns the next frame with its length prefix, or nothing at the end of the stream. */
  private static byte[] frame(SocketChannel from) throws IOException {
    ByteBuffer prefix = ByteBuffer.allocate(5);
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      ByteBuffer one = ByteBuffer.allocate(1);
      if (from.read(one) < 0) {
        return new byte[0];
      }
      byte b = one.get(0);
      prefix.put(b);
      length |= (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
    }
    prefix.flip();
    ByteBuffer frame = ByteBuffer.allocate(prefix.remaining() + length);
    frame.put(prefix);
    while (frame.hasRemaining()) {
      if (from.read(frame) < 0) {
        return new byte[0];
      }
    }
    return frame.array();
  }

  private static void write(SocketChannel to, byte[] bytes, int offset, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until both directions are over. */
  void await() {
    try {
      if (!over.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the proxied connection stays open");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(socket);
  }
}
