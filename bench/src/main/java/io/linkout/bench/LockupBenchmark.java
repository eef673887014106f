package io.linkout.bench;

import io.linkout.link.ExportHints;
import io.linkout.link.KernelException;
import io.linkout.link.LinkOptions;
import io.linkout.link.Linker;
import io.linkout.link.ModuleFile;
import io.linkout.link.PassTimer;
import io.linkout.link.x86_64.X86_64;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Loads modules whose init never ends, and prints how long after the kernel's time limit the loader
 * has its answer: linking, both ways of the wire and all that is undone included.
 *
 * <p>Arguments: socket, the kernel's limit in milliseconds, rounds, modules.
 */
public final class LockupBenchmark {
  private LockupBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    long limit = Long.parseLong(args[1]) * 1_000_000;
    int rounds = Integer.parseInt(args[2]);
    for (String module : Arrays.asList(args).subList(3, args.length)) {
      Path path = Path.of(module);
      long[] over = new long[rounds];
      for (int i = -1; i < rounds; i++) {
        long nanos = lockUp(args[0], path) - limit;
        if (i >= 0) {
          over[i] = nanos;
        }
      }
      Arrays.sort(over);
      System.out.printf(
          Locale.ROOT,
          "| %s | median %.1f ms after the limit | at most %.1f ms |%n",
          path.getFileName(),
          over[rounds / 2] / 1e6,
          over[rounds - 1] / 1e6);
    }
  }

  private static long lockUp(String socket, Path path) throws IOException {
    try (KernelConnection kernel = KernelConnection.open(socket);
        ModuleFile file = ModuleFile.open(path)) {
      Linker linker = new Linker(kernel, X86_64.ARCHITECTURE, ExportHints.NONE, PassTimer.NONE);
      long start = System.nanoTime();
      try {
        linker.load(file, LinkOptions.DEFAULT);
      } catch (KernelException e) {
        if (!e.errnoName().equals("ETIMEDOUT")) {
          throw e;
        }
        return System.nanoTime() - start;
      }
      throw new IOException(path + " was loaded: it should never end");
    }
  }
}
