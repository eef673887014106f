package io.linkout.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process takes of this machine: resident memory in kB, threads, open descriptors
 * (proc_pid_status(5)).
 */
record ProcessFigures(long residentKilobytes, int threads, int descriptors) {
  /** Reads those of process {@code pid}, one of ours. */
  static ProcessFigures of(int pid) {
    Path directory = Path.of("/proc", Integer.toString(pid));
    try (var descriptors = Files.list(directory.resolve("fd"))) {
      String status = Files.readString(directory.resolve("status"));
      return new ProcessFigures(
          field(status, "VmRSS:"), (int) field(status, "Threads:"), (int) descriptors.count());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long field(String status, String name) {
    String line = status.lines().filter(l -> l.startsWith(name)).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", ""));
  }

  @Override
  public String toString() {
    return "resident %.1f MB, %d threads, %d descriptors"
        .formatted(residentKilobytes / 1000.0, threads, descriptors);
  }
}
