package io.linkout.kernel.command;

import io.linkout.kernel.server.SocketPlace;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kernel-sim start}: runs {@code kernel-sim run} in a session of its own and returns once it
 * accepts connections, or says why it does not.
 */
public final class StartCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(2);

  /** How often the kernel is asked, which takes more than a look at its log. */
  private static final Duration ASK_EVERY = Duration.ofMillis(250);

  /** More than any daemon says until it is ready, bytes. */
  private static final long MOST_SAID = 1 << 20;

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
    // Held from before the daemon runs: the file may be moved aside as it grows.
    try (FileChannel file = open(log)) {
      long logged = file.size();
      awaitReady(spawn(words, socket, log), socket, file, logged);
    } catch (IOException e) {
      throw new Failure("cannot start a process: " + e.getMessage());
    }
  }

  /** Returns the log, open for reading, with its directory made if it was missing. */
  private static FileChannel open(Path log) throws Failure {
    try {
      Path directory = log.getParent();
      if (directory != null && !Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      return FileChannel.open(log);
    } catch (IOException e) {
      String reason =
          e instanceof FileSystemException other && other.getReason() != null
              ? other.getReason()
              : e instanceof AccessDeniedException
                  ? "Permission denied"
                  : "No such file or directory";
      throw new Failure("cannot write the log " + log + ": " + reason + " (--log-file names it)");
    }
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

  /**
   * Returns once the daemon said that it is ready; or, where its log cannot tell, answers as
   * itself.
   */
  private static void awaitReady(long daemon, Path socket, FileChannel log, long logged)
      throws Failure, IOException, InterruptedException {
    long start = System.nanoTime();
    long asked = start;
    while (runs(daemon)) {
      if (log.size() > logged && saysReady(said(log, logged), socket) && holds(daemon, socket)) {
        return;
      }
      long now = System.nanoTime();
      if (now - asked > ASK_EVERY.toNanos()) {
        if (Files.exists(socket) && ready(socket, daemon)) {
          return;
        }
        asked = System.nanoTime();
      }
      if (now - start > PATIENCE.toNanos()) {
        ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroy);
        throw new Failure("the kernel is not ready within " + PATIENCE.toSeconds() + " s");
      }
      Thread.sleep(LOOK_EVERY);
    }
    throw new Failure(reason(said(log, logged)));
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

  private static boolean saysReady(String said, Path socket) {
    int end = said.lastIndexOf(" ready on " + socket + "\n");
    // The log itself has such a line a moment earlier.
    return end >= 0 && said.startsWith("kernel-sim: ", said.lastIndexOf('\n', end) + 1);
  }

  /** Returns true unless it was another daemon that said so: of several started at once, say. */
  private static boolean holds(long daemon, Path socket) throws IOException {
    Path lock = SocketPlace.beside(socket, ".lock");
    return Files.readString(lock, StandardCharsets.US_ASCII).strip().equals(Long.toString(daemon));
  }

  /** Returns what was added to {@code log} since it had {@code logged} bytes. */
  private static String said(FileChannel log, long logged) throws IOException {
    int bytes = (int) Math.clamp(log.size() - logged, 0, MOST_SAID);
    ByteBuffer said = ByteBuffer.allocate(bytes);
    while (said.hasRemaining() && log.read(said, logged + said.position()) > 0) {
      // Until all of it is there.
    }
    return new String(said.array(), 0, said.position(), StandardCharsets.UTF_8);
  }

  /** Returns why the daemon ended, from what it said: its error if there is one, else the last. */
  private static String reason(String said) {
    String last = "it said nothing";
    for (String line : said.lines().toList()) {
      if (line.startsWith(PREFIX)) {
        return line.substring(PREFIX.length());
      }
      last = line.isBlank() ? last : line;
    }
    return "the kernel ended: " + last;
  }
}
