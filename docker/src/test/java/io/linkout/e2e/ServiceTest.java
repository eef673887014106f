package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kernel as a service, started by its launcher as a service manager would, with a small program
 * (service/manager.c) for the manager; and the units, as far as systemd's own tools are here.
 */
@Timeout(120)
class ServiceTest {
  @TempDir private Path directory;
  private Path manager = Path.of("set before each");

  @BeforeEach
  void compileTheManager() throws Exception {
    Path source = directory.resolve("manager.c");
    try (var in = ServiceTest.class.getResourceAsStream("/service/manager.c")) {
      Files.write(source, java.util.Objects.requireNonNull(in).readAllBytes());
    }
    manager = directory.resolve("manager");
    run("gcc", "-O1", "-o", manager.toString(), source.toString()).ok();
  }

  @Test
  void theManagerHearsFromTheProcessThatItStarted() throws Exception {
    Path socket = directory.resolve("k.sock");
    Process service = service("-", "0", socket);
    try (BufferedReader said = service.inputReader()) {
      List<String> start = List.of(said.readLine(), said.readLine());
      assertThat(start)
          .containsExactlyInAnyOrder(
              "main READY=1", "kernel-sim: 6.1.0-linkout ready on " + socket);
      Tool.run(socket, "lsmod").ok();
      service.toHandle().destroy();
      assertThat(said.readLine()).isEqualTo("main STOPPING=1");
      assertThat(said.readLine()).isEqualTo("exit 0");
      assertThat(socket).doesNotExist();
    } finally {
      service.destroyForcibly();
    }
  }

  @Test
  void theWatchdogIsAnsweredWhileGuestCodeRunsForEver() throws Exception {
    Path socket = directory.resolve("k.sock");
    Process service = service("-", "100000", socket);
    try (BufferedReader said = service.inputReader()) {
      awaitLine(said, "main READY=1");
      Tool.Running lockup = Tool.start(socket, "insmod", Tool.example("endless_loop"));
      for (int i = 0; i < 20; i++) {
        awaitLine(said, "main WATCHDOG=1");
      }
      service.toHandle().destroy();
      awaitLine(said, "main STOPPING=1");
      awaitLine(said, "exit 0");
      lockup.await().failed();
    } finally {
      service.destroyForcibly();
    }
  }

  @Test
  void aPassedSocketIsServedAndLeftThere() throws Exception {
    Path socket = directory.resolve("k.sock");
    Process service = service(socket.toString(), "0", socket);
    try (BufferedReader said = service.inputReader()) {
      // A client may come before it is ready: the socket listens from the start.
      awaitSocket(socket);
      Tool.run(socket, "insmod", Tool.example("hello")).ok();
      assertThat(Tool.run(socket, "lsmod").ok().out()).contains("hello");
      awaitLine(said, "main READY=1");
      service.toHandle().destroy();
      awaitLine(said, "exit 0");
      assertThat(socket).as("the manager's, not the service's").exists();
    } finally {
      service.destroyForcibly();
    }
  }

  /** The socket's mode is the manager's to choose, and not known from any option. */
  @ParameterizedTest
  @CsvSource({"0000, rw-r--r--", "0117, rw-r-----", "0177, rw-------"})
  void whoMayConnectToAPassedSocketMayReadTheSymbolMap(String umask, String expected)
      throws Exception {
    Path socket = directory.resolve("k.sock");
    Process service =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask " + umask + "; exec \"$@\"",
                "sh",
                manager.toString(),
                socket.toString(),
                "0",
                Tool.TOP.resolve("bin/kernel-sim").toString(),
                "run",
                "--symbols=userspace",
                "--socket",
                socket.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said = service.inputReader()) {
      awaitLine(said, "main READY=1");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(map(socket))))
          .isEqualTo(expected);
      Tool.run(socket, "insmod", Tool.example("hello")).ok();
      service.toHandle().destroy();
      awaitLine(said, "exit 0");
      assertThat(map(socket)).doesNotExist();
    } finally {
      service.destroyForcibly();
    }
  }

  /** It fails at its last step, to say that it is ready, when the map is long written. */
  @Test
  void aStartThatFailsLeavesNoSymbolMap() throws IOException {
    Path socket = directory.resolve("k.sock");
    Tool.Outcome outcome =
        run(
            "env",
            "NOTIFY_SOCKET=" + directory.resolve("nobody"),
            Tool.TOP.resolve("bin/kernel-sim").toString(),
            "run",
            "--symbols=userspace",
            "--socket",
            socket.toString());
    outcome.failed();
    try (var files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.startsWith("k.sock")))
          .containsExactly("k.sock.lock");
    }
  }

  private static Path map(Path socket) {
    return socket.resolveSibling(socket.getFileName() + ".symbols");
  }

  @Test
  void modulesThatAreNamedAreLoadedInOrder() throws IOException {
    try (Daemon daemon = Daemon.start()) {
      Path tree = Files.createDirectories(directory.resolve("lib/modules/6.1.0-linkout/kernel"));
      for (String module : List.of("hello", "exporter", "importer")) {
        Files.copy(Path.of(Tool.example(module)), tree.resolve(module + ".ko"));
      }
      file("lib/modules/6.1.0-linkout/modules.order", "");
      file("lib/modules/6.1.0-linkout/modules.builtin", "");
      file("lib/modules/6.1.0-linkout/modules.builtin.modinfo", "");
      run(Tool.TOP.resolve("bin/depmod").toString(), "-b", directory.toString(), "6.1.0-linkout")
          .ok();
      file("usr/lib/linkout/modules-load.d/10.conf", "unheard_of\n");
      file("etc/linkout/modules-load.d/10.conf", "# in place of the other\n importer \n");
      file("run/linkout/modules-load.d/20.conf", "; and\nhello");
      Tool.Outcome loaded = load(daemon);
      assertThat(loaded).as("%s", loaded).returns(0, Tool.Outcome::status);
      assertThat(daemon.live()).containsExactly("hello", "importer", "exporter");
      daemon.run("rmmod", "hello", "importer", "exporter").ok();

      file("etc/linkout/modules-load.d/05.conf", "unheard_of\n");
      assertThat(load(daemon).failed().err()).contains("unheard_of");
      assertThat(daemon.live()).as("the others are loaded").contains("hello");
      daemon.run("rmmod", "hello", "importer", "exporter").ok();
    }
  }

  @Test
  void systemdTakesTheUnits() throws IOException {
    Path prefix = installed();
    Path units = prefix.resolve("lib/systemd/system");
    Path service = units.resolve("linkout-kernel-sim.service");
    assertThat(Files.readString(service))
        .contains("ExecStart=" + prefix + "/bin/kernel-sim run", "Type=notify", "WatchdogSec=")
        .doesNotContain("@PREFIX@", "\nMemoryDenyWriteExecute=yes");
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze here");
    Tool.Outcome verified =
        run(
            "systemd-analyze",
            "verify",
            "--man=no",
            service.toString(),
            units.resolve("linkout-kernel-sim.socket").toString());
    assertThat(verified.out() + verified.err()).doesNotContain("linkout");
    assertThat(verified.status()).as("%s", verified).isZero();
    // "OK" is up to 2.0 of 10; the threshold is in tenths.
    Tool.Outcome security =
        run(
            "systemd-analyze",
            "security",
            "--offline=true",
            "--threshold=20",
            "--no-pager",
            service.toString());
    assertThat(security.status()).as("%s", security).isZero();
  }

  private Path installed() {
    Path prefix = directory.resolve("prefix");
    Path stage = directory.resolve("stage");
    run(Tool.TOP.resolve("scripts/stage").toString(), stage.toString(), "caches").ok();
    run(stage.resolve("install").toString(), prefix.toString()).ok();
    return prefix;
  }

  private Tool.Outcome load(Daemon daemon) {
    return run(
        "env",
        "LINKOUT_SYSROOT=" + directory,
        "LINKOUT_MODULES=" + directory,
        Tool.TOP.resolve("scripts/modules-load").toString(),
        "--socket",
        daemon.socket().toString());
  }

  private void file(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private Process service(String listening, String watchdog, Path socket) throws IOException {
    List<String> command = new ArrayList<>(List.of(manager.toString(), listening, watchdog));
    command.addAll(
        List.of(
            Tool.TOP.resolve("bin/kernel-sim").toString(), "run", "--socket", socket.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static void awaitLine(BufferedReader said, String wanted) throws IOException {
    for (String line = said.readLine(); !wanted.equals(line); line = said.readLine()) {
      assertThat(line).as("the end came before: %s", wanted).isNotNull();
    }
  }

  private static void awaitSocket(Path socket) {
    while (!Files.exists(socket)) {
      Daemon.pause(1);
    }
  }

  private static Tool.Outcome run(String... words) {
    return Tool.start(List.of(words)).await();
  }
}
