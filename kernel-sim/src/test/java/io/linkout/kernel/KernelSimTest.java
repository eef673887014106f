package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.testing.RawClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as its users run it, in processes of its own. */
@Timeout(300)
class KernelSimTest {
  /** What a command said and how it ended. */
  private record Outcome(int status, String out, String err) {
    Outcome ok() {
      assertThat(status).as("%s", this).isZero();
      assertThat(err).isEmpty();
      return this;
    }

    Outcome failed(String line) {
      assertThat(status).as("%s", this).isEqualTo(1);
      assertThat(out).isEmpty();
      assertThat(err).isEqualTo("kernel-sim: ERROR: " + line + "\n");
      return this;
    }
  }

  @TempDir private Path directory;
  private boolean started;

  @AfterEach
  void stopWhatWasStarted() throws Exception {
    if (started) {
      run("stop");
    }
  }

  private Path socket() {
    return directory.resolve("run/k.sock");
  }

  private ProcessBuilder command(String... words) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dlinkout.client.dir=" + directory);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(KernelSim.class.getName());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(List.of("XDG_RUNTIME_DIR", "NOTIFY_SOCKET"));
    builder.environment().put("LINKOUT_SOCKET", socket().toString());
    return builder;
  }

  private Outcome run(String... words) throws IOException, InterruptedException {
    File out = Files.createTempFile(directory, "out", "").toFile();
    File err = Files.createTempFile(directory, "err", "").toFile();
    Process process = command(words).redirectOutput(out).redirectError(err).start();
    started |= words.length > 0 && words[0].equals("start");
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Outcome(
        process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
  }

  @Test
  void fromStartToStop() throws Exception {
    run("status").failed("no kernel at " + socket() + ": is kernel-sim running?");
    run("stop").failed("no kernel at " + socket() + ": is kernel-sim running?");
    assertThat(run("start").ok().out()).isEmpty();
    long pid;
    try (RawClient client = RawClient.connect(socket())) {
      pid = client.send(RawClient.hello()).welcome().getPid();
    }
    assertThat(run("status").ok().out())
        .contains("release:  6.1.0-linkout\n", "pid:      " + pid + "\n", "modules:  0\n");
    run("start").failed(socket() + ": a kernel runs there already, pid " + pid);
    assertThat(Files.readSymbolicLink(Path.of(socket() + ".client")))
        .isEqualTo(directory.toRealPath());
    assertThat(Path.of(socket() + ".log"))
        .content(StandardCharsets.UTF_8)
        .contains("kernel-sim: 6.1.0-linkout ready on " + socket() + "\n");
    assertThat(descriptor(pid, 0)).isEqualTo(Path.of("/dev/null"));
    assertThat(descriptor(pid, 1)).isEqualTo(Path.of(socket() + ".log"));
    assertThat(session(pid)).as("a session of its own").isEqualTo(pid);
    try (RawClient idle = RawClient.open(socket())) {
      String sessions = run("sessions", "--json").ok().out();
      assertThat(sessions).contains("\"pid\": " + ProcessHandle.current().pid());
      String id = sessions.replaceAll("(?s).*\"id\": (\\d+).*", "$1");
      run("disconnect", id).ok();
      idle.awaitEnd();
      run("disconnect", id).failed("no session " + id);
    }
    assertThat(run("stats", "--json").ok().out())
        .startsWith("{\"release\": \"6.1.0-linkout\", ")
        .contains("\"handles\": 0, ", "\"sessions\": 0, ")
        .endsWith("}\n");
    run("reload", "--log-level", "debug").ok();
    run("reload", "--log-level", "loud").failed("no log level loud");
    run("stop").ok();
    assertThat(socket()).doesNotExist();
    assertThat(ProcessHandle.of(pid).filter(p -> !zombie(pid))).isEmpty();
  }

  @Test
  void sigtermEndsWithZero() throws Exception {
    Path out = directory.resolve("out");
    Process process =
        command("run", "--socket-mode", "640")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      while (!Files.readString(out).endsWith("\n")) {
        assertThat(process.isAlive()).as(Files.readString(out)).isTrue();
        Thread.onSpinWait();
      }
      assertThat(Files.getPosixFilePermissions(socket()))
          .hasToString("[OWNER_READ, OWNER_WRITE, GROUP_READ]");
      process.destroy();
      assertThat(process.waitFor()).isZero();
      assertThat(Files.readString(out))
          .isEqualTo("kernel-sim: 6.1.0-linkout ready on " + socket() + "\n");
      assertThat(socket()).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whatCannotBeIsSaidInOneLine() throws Exception {
    run().failed("a subcommand is missing; try 'kernel-sim --help'");
    run("fly").failed("no subcommand 'fly'; try 'kernel-sim --help'");
    run("start", "--init-timeout", "soon")
        .failed("--init-timeout takes seconds above 0 and up to 86400, not 'soon'");
    Path file = Files.createFile(directory.resolve("file"));
    run("start", "--socket", file.toString()).failed(file + " is there and is no socket");
    run("start", "--log-file", directory.toString())
        .failed("cannot write the log " + directory + ": Is a directory (--log-file names it)");
    run("start", "--log-file", "/dev/null").ok();
    run("stop").ok();
    assertThat(run("run", "--help").ok().out()).startsWith("Usage: kernel-sim ");
    assertThat(run("--version").ok().out()).isEqualTo("kernel-sim (linkout) 0.1.0\n");
  }

  private static Path descriptor(long pid, int number) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + number));
  }

  private static long session(long pid) throws IOException {
    return Long.parseLong(stat(pid).split(" ", -1)[3]);
  }

  private static boolean zombie(long pid) {
    try {
      return stat(pid).startsWith("Z");
    } catch (IOException e) {
      return true;
    }
  }

  /** Returns the fields of proc(5)'s stat from the state on. */
  private static String stat(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2);
  }
}
