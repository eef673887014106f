package io.linkout.e2e;

import io.linkout.e2e.Frame.Direction;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stands between one client and the kernel and passes on what they say. At one place it halts: the
 * bytes before it have been passed on, those after it have not, and the direction stays so until
 * {@link #goOn} or {@link #hangUp}; the other direction flows. Elsewhere, when either side closes,
 * both are closed.
 */
final class FaultProxy implements AutoCloseable {
  /** Where to halt. */
  @FunctionalInterface
  interface Halt {
    /** Never. */
    Halt NEVER = frame -> -1;

    /**
     * Returns how many bytes of {@code frame} pass before the halt, 0 for none of them; negative to
     * pass the whole frame without one.
     */
    int after(Frame frame);
  }

  private static final long PATIENCE_SECONDS = 60;

  private final ServerSocketChannel listener;
  private final Path socket;
  private final Halt halt;
  private final List<Frame> frames = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch connected = new CountDownLatch(1);
  private final CountDownLatch halted = new CountDownLatch(1);
  private final CountDownLatch resumed = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(2);
  private volatile boolean goesOn;
  private SocketChannel client;
  private SocketChannel kernel;

  /** Listens on {@code socket} for one client of the kernel at {@code kernelSocket}. */
  @SuppressWarnings("NullAway.Init") // both channels are there once `connected` says so
  FaultProxy(Path socket, Path kernelSocket, Halt halt) throws IOException {
    this.socket = socket;
    this.halt = halt;
    Files.deleteIfExists(socket);
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    start("proxy", () -> accept(kernelSocket));
  }

  private void accept(Path kernelSocket) {
    try {
      client = listener.accept();
      kernel = SocketChannel.open(StandardProtocolFamily.UNIX);
      kernel.connect(UnixDomainSocketAddress.of(kernelSocket));
    } catch (IOException e) {
      over.countDown();
      over.countDown();
      return;
    } finally {
      connected.countDown();
    }
    start("proxy-back", () -> pass(kernel, client, Direction.TO_CLIENT));
    pass(client, kernel, Direction.TO_KERNEL);
  }

  private void pass(SocketChannel from, SocketChannel to, Direction direction) {
    try {
      for (int number = 0; ; number++) {
        byte[] prefix = prefix(from);
        if (prefix.length == 0) {
          break;
        }
        byte[] bytes = rest(from, prefix);
        Frame frame = Frame.of(direction, number, bytes);
        frames.add(frame);
        int after = Math.min(halt.after(frame), bytes.length);
        if (after >= 0) {
          write(to, bytes, 0, after);
          halted.countDown();
          resumed.await();
          if (!goesOn) {
            break;
          }
        }
        write(to, bytes, Math.max(0, after), bytes.length);
      }
    } catch (IOException e) {
      // the other side is gone, which is what these tests are about
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(from);
      close(to);
      over.countDown();
    }
  }

  /** Returns the frames that have come so far, in the order they came; those cut short counted. */
  List<Frame> frames() {
    synchronized (frames) {
      return List.copyOf(frames);
    }
  }

  /** Waits until the proxy halts. */
  void awaitHalt() {
    await(halted, "the place to halt at is not reached");
  }

  /** Passes on what was held back. */
  void goOn() {
    goesOn = true;
    resumed.countDown();
  }

  /** Closes both connections: nothing of what was held back is passed on. */
  void hangUp() {
    await(connected, "nobody connects");
    close(client);
    close(kernel);
    resumed.countDown();
  }

  /** Tells the kernel that no more requests come; replies are passed on. */
  void endRequests() {
    try {
      kernel.shutdownOutput();
    } catch (IOException e) {
      // the client had all it wanted and is gone
    }
  }

  /** Tells the client that no more replies come, and the kernel that nobody reads any. */
  void endReplies() {
    try {
      client.shutdownOutput();
      kernel.shutdownInput();
    } catch (IOException e) {
      // the client had all it wanted and is gone
    }
  }

  /** Waits until both directions are over. */
  void await() {
    await(over, "the proxied connection stays open");
  }

  @Override
  public void close() throws IOException {
    resumed.countDown();
    listener.close();
    Files.deleteIfExists(socket);
  }

  private static void await(CountDownLatch latch, String complaint) {
    try {
      if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(complaint);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void start(String name, Runnable work) {
    Thread.ofPlatform().daemon().name(name).start(work);
  }

  /** Returns a frame's length as it stands before it; nothing at the end of the stream. */
  private static byte[] prefix(SocketChannel from) throws IOException {
    ByteBuffer prefix = ByteBuffer.allocate(5);
    do {
      prefix.limit(prefix.position() + 1);
      if (from.read(prefix) < 0) {
        return new byte[0];
      }
    } while (prefix.get(prefix.position() - 1) < 0);
    byte[] bytes = new byte[prefix.flip().remaining()];
    prefix.get(bytes);
    return bytes;
  }

  private static byte[] rest(SocketChannel from, byte[] prefix) throws IOException {
    int length = 0;
    for (int i = 0; i < prefix.length; i++) {
      length |= (prefix[i] & 0x7f) << (7 * i);
    }
    ByteBuffer frame = ByteBuffer.allocate(prefix.length + length).put(prefix);
    while (frame.hasRemaining()) {
      if (from.read(frame) < 0) {
        throw new IOException("the stream ends within a frame");
      }
    }
    return frame.array();
  }

  private static void write(SocketChannel to, byte[] bytes, int from, int end) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, from, end - from);
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // gone is gone
    }
  }
}
