package io.linkout.bench;

import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Times a client's whole business with the kernel, from connecting to the figures it asked for,
 * while nobody else is connected and while many clients are that say nothing: half of them not even
 * Hello.
 *
 * <p>Arguments: socket, silent clients, rounds.
 */
public final class CrowdBenchmark {
  private CrowdBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    String socket = args[0];
    int silent = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    for (int i = 0; i < rounds; i++) {
      ask(socket);
    }
    measure("nobody else is connected", socket, rounds);
    List<AutoCloseable> crowd = new ArrayList<>();
    for (int i = 0; i < silent; i++) {
      if (i % 2 == 0) {
        crowd.add(KernelConnection.open(socket));
      } else {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        crowd.add(channel);
      }
    }
    measure(silent + " silent clients are", socket, rounds);
    if (crowd.size() != silent) {
      throw new IOException("some were not let in");
    }
    // The process ends with all of them open, as a crowd that is killed does.
  }

  private static void measure(String when, String socket, int rounds) {
    long[] nanos = new long[rounds];
    for (int i = 0; i < rounds; i++) {
      nanos[i] = ask(socket);
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "| %s | median %.2f ms | 99th percentile %.2f ms | at most %.2f ms |%n",
        when,
        nanos[rounds / 2] / 1e6,
        nanos[rounds * 99 / 100] / 1e6,
        nanos[rounds - 1] / 1e6);
  }

  private static long ask(String socket) {
    long start = System.nanoTime();
    try (KernelConnection kernel = KernelConnection.open(socket)) {
      new KernelQueries(kernel).figures();
    }
    return System.nanoTime() - start;
  }
}
