package io.linkout.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** kmod 30 as it is installed on the host, to compare with. */
final class Kmod {
  private static final List<String> DIRECTORIES = List.of("/usr/sbin", "/sbin", "/usr/bin");

  private Kmod() {}

  private static @Nullable Path find(String name) {
    for (String directory : DIRECTORIES) {
      Path file = Path.of(directory, name);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  /** Skips the test unless the host has kmod 30. */
  static void assumeInstalled() {
    assumeTrue(find("modprobe") != null && find("depmod") != null, "no kmod");
    assumeTrue(run("modprobe", List.of("-V")).out().startsWith("kmod version 30\n"), "not kmod 30");
  }

  /** Runs a tool of kmod; its library's own messages are left out of stderr. */
  static Ran run(String name, List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(String.valueOf(find(name)));
    command.addAll(words);
    try {
      Path err = Files.createTempFile("kmod", ".err");
      Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      StringBuilder said = new StringBuilder();
      for (String line : Files.readAllLines(err)) {
        if (!line.startsWith("libkmod: ")) {
          said.append(line).append('\n');
        }
      }
      Files.delete(err);
      return new Ran(status, out, said.toString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
