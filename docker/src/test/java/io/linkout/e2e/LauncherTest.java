package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one launcher behind all names: how it finds what it starts, and what it hands on. */
class LauncherTest {
  private static final String BIN = Tool.TOP.resolve("bin").toString();

  @TempDir Path directory = Path.of("replaced by JUnit");

  @Test
  void everyNameIsALinkToIt() throws IOException {
    for (String name :
        List.of(
            "kernel-sim",
            "insmod",
            "rmmod",
            "lsmod",
            "modprobe",
            "modinfo",
            "depmod",
            "dmesg",
            "ksym",
            "kcall",
            "kmap",
            "ksymoops",
            "modcheck")) {
      assertThat(Files.readSymbolicLink(Path.of(BIN, name))).hasToString("linkout");
    }
  }

  @Test
  void theNameMayBeTheFirstArgument() {
    assertThat(command(BIN + "/linkout", "lsmod", "--help").ok().out())
        .isEqualTo(command(BIN + "/lsmod", "--help").ok().out())
        .contains("lsmod");
    assertThat(command(BIN + "/linkout", "frobnicate").failed().err())
        .isEqualTo("linkout: ERROR: no command 'frobnicate': linkout --help lists them\n");
    assertThat(command(BIN + "/linkout", "--help").ok().out()).contains("kernel-sim", "kcall");
  }

  @Test
  void itIsFoundThroughALinkFromElsewhereAndFromAnyDirectory() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("lsmod"), Path.of(BIN, "lsmod"));
    String expected = command(BIN + "/lsmod", "--help").ok().out();
    assertThat(command(link.toString(), "--help").ok().out()).isEqualTo(expected);
    assertThat(command("sh", "-c", "cd '" + BIN + "' && ./lsmod --help").ok().out())
        .isEqualTo(expected);
    assertThat(command("sh", "-c", "cd / && PATH='" + BIN + "':$PATH && lsmod --help").ok().out())
        .isEqualTo(expected);
  }

  @Test
  void argumentsArriveAsTheyWereGiven() {
    String strange = "a  b*'\"$HOME\\ü.ko";
    assertThat(command(BIN + "/insmod", "--socket", "/nowhere", strange).failed().err())
        .contains(strange);
  }

  @Test
  void jvmOptionsOfTheEnvironmentSayNothing() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(BIN + "/lsmod", "--help");
    builder.redirectErrorStream(true);
    builder
        .environment()
        .putAll(Map.of("JAVA_TOOL_OPTIONS", "-Dx=y", "JDK_JAVA_OPTIONS", "-Dx=y", "LC_ALL", "C"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(said).isEqualTo(command(BIN + "/lsmod", "--help").out());
  }

  @Test
  void whatIsNotBuiltSaysSo() throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Path copy = bin.resolve("linkout");
    Files.copy(Path.of(BIN, "linkout"), copy);
    assertThat(command("sh", copy.toString(), "lsmod").failed().err())
        .isEqualTo("lsmod: ERROR: Linkout is not built: run make in its directory first\n");
  }

  @Test
  void installingShadowsNoToolOfTheHost() throws IOException {
    Path prefix = directory.resolve("a prefix");
    Path stage = directory.resolve("stage");
    command(Tool.TOP.resolve("scripts/stage").toString(), stage.toString(), "caches").ok();
    command(stage.resolve("install").toString(), prefix.toString()).ok();
    try (var files = Files.list(prefix.resolve("bin"))) {
      assertThat(files.map(f -> String.valueOf(f.getFileName())))
          .containsExactlyInAnyOrder("linkout", "kernel-sim");
    }
    String expected = command(BIN + "/lsmod", "--help").ok().out();
    assertThat(command(prefix.resolve("bin/linkout").toString(), "lsmod", "--help").ok().out())
        .isEqualTo(expected);
    assertThat(command(prefix.resolve("lib/linkout/bin/lsmod").toString(), "--help").ok().out())
        .isEqualTo(expected);
    Path socket = directory.resolve("k.sock");
    String kernel = prefix.resolve("bin/kernel-sim").toString();
    command(kernel, "start", "--socket", socket.toString()).ok();
    command(
            prefix.resolve("lib/linkout/bin/insmod").toString(),
            "--socket",
            socket.toString(),
            prefix.resolve("share/linkout/examples/hello.ko").toString())
        .ok();
    command(kernel, "stop", "--socket", socket.toString()).ok();
  }

  /**
   * A caller without descriptors to hide, and one with: the first start needs no JVM of its own.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "exec 7</etc/passwd;"})
  void aStartedKernelHasNoneOfTheCallersDescriptors(String before) throws IOException {
    Path socket = directory.resolve("k.sock");
    String kernel = BIN + "/kernel-sim";
    Path secret = Files.createFile(directory.resolve("secret"));
    String script =
        before.replace("/etc/passwd", secret.toString()) + " \"$0\" start --socket \"$1\"";
    assertThat(command("/bin/sh", "-c", script, kernel, socket.toString()).ok().out()).isEmpty();
    try {
      String status = command(kernel, "status", "--socket", socket.toString()).ok().out();
      String pid = status.replaceAll("(?s).*pid: *(\\d+)\n.*", "$1");
      try (var descriptors = Files.list(Path.of("/proc", pid, "fd"))) {
        List<Path> open = new ArrayList<>();
        for (Path descriptor : descriptors.toList()) {
          open.add(Files.readSymbolicLink(descriptor));
        }
        assertThat(open)
            .contains(Path.of("/dev/null"), Path.of(socket + ".log"))
            .doesNotContain(secret);
      }
      assertThat(command(kernel, "start", "--socket", socket.toString()).failed().err())
          .isEqualTo(
              "kernel-sim: ERROR: " + socket + ": a kernel runs there already, pid " + pid + "\n");
    } finally {
      command(kernel, "stop", "--socket", socket.toString()).ok();
    }
  }

  private static Tool.Outcome command(String... words) {
    return Tool.start(new ArrayList<>(List.of(words))).await();
  }
}
