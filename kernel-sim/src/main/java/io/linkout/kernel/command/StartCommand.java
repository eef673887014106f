package io.linkout.kernel.command;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kernel-sim start}: runs {@code kernel-sim run} in a session of its own and returns once it
 * accepts connections, or says why it does not.
 */
public final class StartCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(3);
  private static final String PREFIX = "kernel-sim: ERROR: ";

  private final String mainClass;

  /** A command that runs {@code mainClass} of this class path. */
  public StartCommand(String mainClass) {
    this.mainClass = mainClass;
  }

  /**
   * Starts a daemon.
   *
   * @param words the command line after {@code start}, checked; passed on to {@code run}
   * @param logFile where its output goes; its directory exists or can be made
   * @throws Failure with the daemon's own reason if it does not come up
   */
  public void run(List<String> words, Path socket, Path logFile)
      throws Failure, InterruptedException {
    Path log = logFile.toAbsolutePath();
    long logged;
    long daemon;
    try {
      Path directory = log.getParent();
      if (directory != null && !Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
      }
      try (FileChannel file =
          FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        logged = file.size();
      }
      daemon = spawn(words, socket, log);
    } catch (IOException e) {
      throw new Failure("cannot start a process: " + e.getMessage());
    }
    awaitReady(daemon, socket, log, logged);
  }

  /**
   * Returns the process id of the daemon, which is no child of this process: a JVM that waits for a
   * child takes 300 ms longer to end, since hotspot gives a thread in a system call that long
   * (VM_Exit::wait_for_threads_in_native_to_block).
   */
  private long spawn(List<String> words, Path socket, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("/bin/sh");
    command.add("-c");
    command.add("log=$1; shift; setsid \"$@\" </dev/null >>\"$log\" 2>&1 & echo $!");
    command.add("sh");
    command.add(log.toString());
    command.addAll(program());
    command.add("run");
    // Before the user's words, which may end in operands; the last of a repeated option counts.
    command.add("--log-file");
    command.add(log.toString());
    command.add("--socket");
    command.add(socket.toString());
    command.addAll(words);
    Process shell =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .start();
    String said;
    try (InputStream out = shell.getInputStream()) {
      said = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    try {
      return Long.parseLong(said);
    } catch (NumberFormatException e) {
      throw new IOException(said, e);
    }
  }

  /**
   * Returns how to run this program: by its launcher if it was started by one, else as this JVM.
   */
  private List<String> program() {
    String launcher = System.getProperty("linkout.launcher");
    if (launcher != null) {
      return List.of(launcher);
    }
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "--enable-native-access=ALL-UNNAMED",
        "-Dlinkout.client.dir=" + System.getProperty("linkout.client.dir", ""),
        "-cp",
        System.getProperty("java.class.path"),
        mainClass);
  }

  private static void awaitReady(long daemon, Path socket, Path log, long logged)
      throws Failure, InterruptedException {
    long start = System.nanoTime();
    while (runs(daemon)) {
      if (Files.exists(socket) && ready(socket, daemon)) {
        return;
      }
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroy);
        throw new Failure("the kernel is not ready within %d s".formatted(PATIENCE.toSeconds()));
      }
      Thread.sleep(LOOK_EVERY);
    }
    throw new Failure(reason(log, logged));
  }

  /** Returns true unless {@code pid} has ended, whether or not anybody took note of it. */
  private static boolean runs(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      // pid (name) state: proc(5)
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean ready(Path socket, long pid) {
    try (ControlClient client = ControlClient.connect(socket)) {
      return Integer.toUnsignedLong(client.welcome().getPid()) == pid;
    } catch (Failure e) {
      return false;
    }
  }

  /** Returns what the daemon said last: its error if there is one, else whatever it was. */
  private static String reason(Path log, long logged) {
    String last = "it said nothing";
    try {
      byte[] all = Files.readAllBytes(log);
      String fresh =
          new String(
              all,
              (int) Math.min(logged, all.length),
              (int) Math.max(0, all.length - logged),
              StandardCharsets.UTF_8);
      for (String line : fresh.lines().toList()) {
        if (line.startsWith(PREFIX)) {
          return line.substring(PREFIX.length());
        }
        last = line.isBlank() ? last : line;
      }
    } catch (IOException e) {
      last = "its log cannot be read: " + e.getMessage();
    }
    return "the kernel ended: " + last;
  }
}
