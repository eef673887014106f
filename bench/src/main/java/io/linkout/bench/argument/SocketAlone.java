package io.linkout.bench.argument;

import io.linkout.proto.PollWindow;
import io.linkout.rpc.Traffic;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * What the socket and the waiting at it cost: the same number of bytes in the same number of round
 * trips between two threads that make nothing of them, each of which is busy for as long in between
 * as the linker and the kernel are, and waits as they do: looking for a while before it sleeps.
 *
 * <p>Or what it would cost with contents in memory that both have mapped for good: who sends has
 * linked them there, who receives copies them out, so that they cannot change any more, and what
 * passes through the socket is a message.
 */
final class SocketAlone implements AutoCloseable {
  private static final int PIECE = 1 << 16;

  /** Bytes of a turn that go through the socket though there is shared memory: names, tables. */
  private static final int MESSAGE = 1 << 10;

  private final List<Traffic> turns;
  private final long clientNanos;
  private final long serverNanos;
  private final Path place;
  private final AFUNIXServerSocket server;
  private final AFUNIXSocket client;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] piece = new byte[PIECE];
  private final PollWindow window = new PollWindow();
  private final @Nullable MemorySegment shared;
  private final @Nullable MemorySegment own;

  /**
   * Is ready to go through {@code turns} any number of times.
   *
   * @param clientNanos for which this side is busy before each turn
   * @param serverNanos for which the other is before it answers
   * @param inMemory true for contents in memory that both have
   */
  SocketAlone(List<Traffic> turns, long clientNanos, long serverNanos, boolean inMemory)
      throws IOException {
    long most = turns.stream().mapToLong(Traffic::sent).max().orElse(0);
    // there and touched before anything is measured
    shared = inMemory ? Arena.ofAuto().allocate(most + 1).fill((byte) 1) : null;
    own = inMemory ? Arena.ofAuto().allocate(most + 1).fill((byte) 2) : null;
    this.turns = turns;
    this.clientNanos = clientNanos;
    this.serverNanos = serverNanos;
    place = Files.createTempDirectory("socket-alone");
    File socket = place.resolve("s").toFile();
    server = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(socket));
    Thread.ofPlatform().daemon().start(this::answer);
    client = AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(socket));
    in = new FileInputStream(client.getFileDescriptor());
    out = new FileOutputStream(client.getFileDescriptor());
  }

  /** Returns the median of {@code times} runs in nanoseconds, less what both were busy. */
  long median(int times) throws IOException {
    long[] nanos = new long[times];
    for (int i = -times; i < times; i++) {
      long start = System.nanoTime();
      for (Traffic turn : turns) {
        busy(clientNanos);
        send(out, inSocket(turn), piece);
        take(in, turn.received(), piece, window);
      }
      if (i >= 0) {
        nanos[i] = System.nanoTime() - start - turns.size() * (clientNanos + serverNanos);
      }
    }
    Arrays.sort(nanos);
    return nanos[times / 2];
  }

  private void answer() {
    byte[] there = new byte[PIECE];
    PollWindow looking = new PollWindow();
    try (AFUNIXSocket peer = server.accept();
        InputStream from = new FileInputStream(peer.getFileDescriptor());
        OutputStream to = new FileOutputStream(peer.getFileDescriptor())) {
      while (true) {
        for (Traffic turn : turns) {
          take(from, inSocket(turn), there, looking);
          if (shared != null && own != null) {
            long content = turn.sent() - inSocket(turn);
            MemorySegment.copy(shared, 0, own, 0, content);
          }
          busy(serverNanos);
          send(to, turn.received(), there);
        }
      }
    } catch (IOException e) {
      // The other end has closed: done.
    }
  }

  private long inSocket(Traffic turn) {
    return shared == null ? turn.sent() : Math.min(MESSAGE, turn.sent());
  }

  private static void busy(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static void send(OutputStream to, long bytes, byte[] piece) throws IOException {
    for (long left = bytes; left > 0; left -= piece.length) {
      to.write(piece, 0, (int) Math.min(left, piece.length));
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // as the client and the daemon wait
  private static void take(InputStream from, long bytes, byte[] piece, PollWindow window)
      throws IOException {
    for (long left = bytes; left > 0; ) {
      long start = System.nanoTime();
      while (System.nanoTime() - start < window.nanos() && from.available() == 0) {
        Thread.yield();
      }
      int read = from.read(piece, 0, (int) Math.min(left, piece.length));
      window.came(System.nanoTime() - start);
      if (read < 0) {
        throw new EOFException();
      }
      left -= read;
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
    Files.deleteIfExists(place.resolve("s"));
    Files.delete(place);
  }
}
