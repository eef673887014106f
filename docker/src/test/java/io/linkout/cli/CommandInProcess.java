package io.linkout.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The client's commands run in the test's own process: the same code as {@code bin/} runs, in a few
 * milliseconds. For what a test does beside what it is about. In this package since that code is
 * nobody's library.
 *
 * @param status what the command would have ended with
 * @param out what it printed
 * @param err what it said on stderr
 */
public record CommandInProcess(int status, String out, String err) {
  /** Runs {@code name} against the kernel at {@code socket}. */
  public static CommandInProcess run(Path socket, String name, List<String> arguments) {
    List<String> words = new ArrayList<>(List.of(name, "--socket", socket.toString()));
    words.addAll(arguments);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(name, out, err, System.getenv());
    int status = Main.run(words.toArray(String[]::new), console);
    return new CommandInProcess(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Returns this if the command succeeded and said nothing on stderr. */
  public CommandInProcess ok() {
    if (status != 0 || !err.isEmpty()) {
      throw new AssertionError(this);
    }
    return this;
  }
}
