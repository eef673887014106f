package io.linkout.bench.argument;

import io.linkout.rpc.Traffic;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * What the socket and the waking of who waits at it cost: the same number of bytes in the same
 * number of round trips between two threads that make nothing of them, each of which is busy for as
 * long in between as the linker and the kernel are, so that the other has gone to sleep.
 */
final class SocketAlone implements AutoCloseable {
  private static final int PIECE = 1 << 16;

  private final List<Traffic> turns;
  private final long clientNanos;
  private final long serverNanos;
  private final Path place;
  private final AFUNIXServerSocket server;
  private final AFUNIXSocket client;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] piece = new byte[PIECE];

  /**
   * Is ready to go through {@code turns} any number of times.
   *
   * @param clientNanos for which this side is busy before each turn
   * @param serverNanos for which the other is before it answers
   */
  SocketAlone(List<Traffic> turns, long clientNanos, long serverNanos) throws IOException {
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
        send(out, turn.sent(), piece);
        take(in, turn.received(), piece);
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
    try (AFUNIXSocket peer = server.accept();
        InputStream from = new FileInputStream(peer.getFileDescriptor());
        OutputStream to = new FileOutputStream(peer.getFileDescriptor())) {
      while (true) {
        for (Traffic turn : turns) {
          take(from, turn.sent(), there);
          busy(serverNanos);
          send(to, turn.received(), there);
        }
      }
    } catch (IOException e) {
      // The other end has closed: done.
    }
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

  private static void take(InputStream from, long bytes, byte[] piece) throws IOException {
    for (long left = bytes; left > 0; ) {
      int read = from.read(piece, 0, (int) Math.min(left, piece.length));
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
