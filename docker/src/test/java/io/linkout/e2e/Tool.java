package io.linkout.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the commands of {@code bin/} as processes. */
final class Tool {
  /** What a command printed and how it ended. */
  record Outcome(List<String> command, int status, String out, String err) {
    /** Returns this if the command succeeded and said nothing on stderr. */
    Outcome ok() {
      if (status != 0 || !err.isEmpty()) {
        throw new AssertionError(this);
      }
      return this;
    }

    /** Returns this if the command failed with status 1 and without a stack trace. */
    Outcome failed() {
      if (status != 1 || err.isEmpty() || err.contains("\tat ") || err.contains("Exception")) {
        throw new AssertionError(this);
      }
      return this;
    }

    /** Returns stdout's lines. */
    List<String> lines() {
      return out.lines().toList();
    }

    @Override
    public String toString() {
      return String.join(" ", command)
          + " -> "
          + status
          + "\n--- stdout\n"
          + out
          + "--- stderr\n"
          + err;
    }
  }

  /** A command under way. */
  record Running(
      Process process,
      List<String> command,
      CompletableFuture<String> out,
      CompletableFuture<String> err) {
    /** Waits for its end; kills it after a minute. */
    Outcome await() {
      try {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("still running after a minute: " + command);
        }
        return new Outcome(command, process.exitValue(), out.join(), err.join());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    /** Sends SIGKILL. */
    void kill() {
      process.destroyForcibly();
    }
  }

  /** The top of the clone. */
  static final Path TOP =
      Path.of(System.getProperty("linkout.top", "..")).toAbsolutePath().normalize();

  private Tool() {}

  /** Returns the built example {@code name}{@code .ko}. */
  static String example(String name) {
    return TOP.resolve("examples").resolve(name + ".ko").toString();
  }

  /** Returns whether the host has the program {@code name}. */
  static boolean isThere(String name) {
    return start(List.of("sh", "-c", "command -v " + name)).await().status() == 0;
  }

  /** Starts {@code bin/NAME --socket SOCKET ARGUMENTS}. */
  static Running start(Path socket, String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(TOP.resolve("bin").resolve(name).toString());
    if (name.equals("kernel-sim")) {
      command.add(arguments[0]);
      command.add("--socket");
      command.add(socket.toString());
      command.addAll(List.of(arguments).subList(1, arguments.length));
    } else {
      command.add("--socket");
      command.add(socket.toString());
      command.addAll(List.of(arguments));
    }
    return start(command);
  }

  /** Starts any command with stdin from nowhere. */
  static Running start(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(NOWHERE)).start();
      return new Running(
          process, command, drain(process.getInputStream()), drain(process.getErrorStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs {@code bin/NAME} to its end. */
  static Outcome run(Path socket, String name, String... arguments) {
    return start(socket, name, arguments).await();
  }

  private static final java.io.File NOWHERE = new java.io.File("/dev/null");

  private static CompletableFuture<String> drain(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.complete("");
              }
            });
    return text;
  }
}
