package io.linkout.bench;

import io.linkout.link.ExportHints;
import io.linkout.link.LinkOptions;
import io.linkout.link.Linker;
import io.linkout.link.ModuleFile;
import io.linkout.link.PassTimer;
import io.linkout.link.x86_64.X86_64;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Loads and removes one small module over and over on an open connection and prints the median and
 * the 99th percentile of a load, from the file's bytes in the page cache to live, and loads a
 * second.
 *
 * <p>Arguments: socket, module, loads.
 */
public final class LoadBenchmark {
  private LoadBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    int loads = Integer.parseInt(args[2]);
    long[] nanos = new long[loads];
    Path path = Path.of(args[1]);
    try (KernelConnection kernel = KernelConnection.open(args[0])) {
      KernelQueries queries = new KernelQueries(kernel);
      Linker linker = new Linker(kernel, X86_64.ARCHITECTURE, ExportHints.NONE, PassTimer.NONE);
      for (int i = -loads; i < loads; i++) {
        long start = System.nanoTime();
        String name;
        try (ModuleFile file = ModuleFile.open(path)) {
          name = file.name();
          linker.load(file, LinkOptions.DEFAULT);
        }
        long end = System.nanoTime();
        queries.remove(name, false);
        if (i >= 0) {
          nanos[i] = end - start;
        }
      }
    }
    Arrays.sort(nanos);
    double total = Arrays.stream(nanos).sum() / 1e9;
    System.out.printf(
        Locale.ROOT,
        "| load of %s | median %.0f us | 99th percentile %.0f us | %.0f loads a second |%n",
        path.getFileName(),
        nanos[loads / 2] / 1e3,
        nanos[loads * 99 / 100] / 1e3,
        loads / total);
  }
}
