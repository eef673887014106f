package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.StatsReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A kernel started with {@code kernel-sim start} on a socket of its own; stopped by {@link #close}.
 * Where the system property {@code linkout.symbols} is {@code userspace} it keeps no symbols: tests
 * tagged {@code loader} run once more so.
 */
final class Daemon implements AutoCloseable {
  /** Whether kernels are started without symbols of their own. */
  static final boolean USERSPACE = "userspace".equals(System.getProperty("linkout.symbols"));

  /** Where their symbols are, for people. */
  static final String SYMBOLS = USERSPACE ? "userspace" : "the kernel";

  private final Path directory;
  private final Path socket;
  private final List<String> options;

  private Daemon(Path directory, List<String> options) {
    this.directory = directory;
    this.options = options;
    this.socket = directory.resolve("k.sock");
  }

  /** Starts one and waits until it is ready. */
  static Daemon start(String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    if (USERSPACE) {
      words.add("--symbols=userspace");
    }
    return started(words);
  }

  /** Starts one whose symbols are in the {@code kernel} or in {@code userspace}. */
  static Daemon startWith(String symbols) {
    return started(List.of("--symbols=" + symbols));
  }

  private static Daemon started(List<String> options) {
    try {
      Daemon daemon = new Daemon(Files.createTempDirectory("linkout-e2e"), options);
      daemon.starting().await().ok();
      return daemon;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs {@code kernel-sim start} on its socket, once more. */
  Tool.Running starting() {
    List<String> arguments = new ArrayList<>(List.of("start"));
    arguments.addAll(options);
    return Tool.start(socket, "kernel-sim", arguments.toArray(String[]::new));
  }

  /**
   * Sends SIGKILL to the kernel's process; its socket, lock and log stay behind.
   *
   * @return the process, which may take a moment to end
   */
  ProcessHandle kill() {
    ProcessHandle process =
        ProcessHandle.of(Integer.toUnsignedLong(stats().getPid())).orElseThrow();
    assertThat(process.destroyForcibly()).isTrue();
    return process;
  }

  /** Returns its socket. */
  Path socket() {
    return socket;
  }

  /** Returns a directory for the test's own files, gone with the daemon. */
  Path directory() {
    return directory;
  }

  /** Runs a command of {@code bin/} against it. */
  Tool.Outcome run(String name, String... arguments) {
    return Tool.run(socket, name, arguments);
  }

  /** Returns its figures. */
  StatsReply stats() {
    try (Wire wire = Wire.open(socket)) {
      Reply reply = wire.ask(Request.newBuilder().setStats(Stats.getDefaultInstance()).build());
      return reply.getStats();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the nine figures that every aborted load, and every load and removal, must restore. */
  Map<String, Long> nine() {
    return Onlooker.nine(stats());
  }

  /** Waits until no session but the asker's is open. */
  void awaitNoSessions() {
    for (int i = 0; i < 3000; i++) {
      if (stats().getSessions() == 0) {
        return;
      }
      pause(5);
    }
    throw new AssertionError("sessions stay open: " + run("kernel-sim", "sessions"));
  }

  /** Removes what is live, sees that the nine figures are {@code before} again, and stops it. */
  void closeAsItWas(Map<String, Long> before) {
    try (this) {
      for (String name : live()) {
        run("rmmod", name).ok();
      }
      awaitNoSessions();
      assertThat(nine()).isEqualTo(before);
    }
  }

  /** Returns the names of live modules. */
  List<String> live() {
    List<String> names = new ArrayList<>();
    List<String> lines = run("lsmod").ok().lines();
    assertThat(lines.getFirst()).isEqualTo("Module                  Size  Used by");
    for (String line : lines.subList(1, lines.size())) {
      names.add(line.substring(0, line.indexOf(' ')));
    }
    return names;
  }

  /** Sleeps; for polling only. */
  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    Tool.Outcome stopped = run("kernel-sim", "stop");
    try (var files = Files.walk(directory)) {
      files
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(
              f -> {
                if (!f.toFile().delete()) {
                  throw new IllegalStateException("cannot delete " + f);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stopped.ok();
  }
}
