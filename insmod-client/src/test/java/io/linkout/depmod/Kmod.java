package io.linkout.depmod;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The host's kmod, if it is version 30. */
final class Kmod {
  private static final Path DEPMOD = Path.of("/sbin/depmod");

  private Kmod() {}

  /** What depmod said and how it ended. */
  record Outcome(int status, String out, String err) {}

  static boolean isThere() throws IOException, InterruptedException {
    return Files.isExecutable(DEPMOD) && run("--version").out().contains("kmod version 30");
  }

  /** Runs depmod over the tree of {@code release} below {@code root}. */
  static Outcome depmod(Path root, String release, String... options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-b", root.toString(), release));
    return run(all.toArray(String[]::new));
  }

  private static Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addFirst(DEPMOD.toString());
    Path err = Files.createTempFile("depmod", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
