package io.linkout.bench;

import io.linkout.rpc.CallArgument;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Times calls of a kernel's function over an open connection to each of several kernels, in turns.
 *
 * <p>Arguments: calls of each kernel, then for each its socket and, after a comma, the function's
 * address in hexadecimal digits. Prints, in their order, median and 99th percentile in
 * microseconds.
 */
public final class CallBenchmark {
  private static final int TURN = 200;

  private CallBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) {
    int calls = Integer.parseInt(args[0]);
    List<KernelConnection> kernels = new ArrayList<>();
    long[] functions = new long[args.length - 1];
    long[][] nanos = new long[args.length - 1][calls];
    try {
      for (int i = 0; i < functions.length; i++) {
        String[] words = args[i + 1].split(",", -1);
        kernels.add(KernelConnection.open(words[0]));
        functions[i] = Long.parseUnsignedLong(words[1], 16);
      }
      // As many to warm up as are counted after.
      for (int from = -calls; from < calls; from += TURN) {
        for (int i = 0; i < functions.length; i++) {
          turn(new KernelQueries(kernels.get(i)), functions[i], nanos[i], from);
        }
      }
    } finally {
      kernels.forEach(KernelConnection::close);
    }
    for (long[] each : nanos) {
      Arrays.sort(each);
      System.out.printf(
          Locale.ROOT,
          "%.1f %.1f%n",
          each[each.length / 2] / 1e3,
          each[Math.min(each.length - 1, each.length * 99 / 100)] / 1e3);
    }
  }

  private static void turn(KernelQueries kernel, long function, long[] nanos, int from) {
    List<CallArgument> arguments = List.of(new CallArgument.Value(1_000_000));
    for (int i = 0; i < TURN; i++) {
      long start = System.nanoTime();
      var _ = kernel.call(function, 0, arguments);
      if (from + i >= 0 && from + i < nanos.length) {
        nanos[from + i] = System.nanoTime() - start;
      }
    }
  }
}
