package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two versions whose schemas differ, installed side by side, each with a kernel: whichever's
 * commands are called, each kernel gets the client that was built with it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoVersionsTest {
  @TempDir private static Path shared;

  private Path top;
  private Version first;
  private Version second;
  private final List<Version> running = new ArrayList<>();

  /** An installation, its release, and the socket of its kernel. */
  private record Version(Path home, String release, Path socket) {
    /** Runs its command against {@code kernel}. */
    Tool.Outcome run(Path kernel, String name, String... words) {
      List<String> all = new ArrayList<>(List.of(home.resolve("bin").resolve(name).toString()));
      all.addAll(List.of(words));
      all.addAll(List.of("--socket", kernel.toString()));
      return Tool.start(all).await();
    }

    /** Returns the link beside its kernel's socket. */
    Path link() {
      return Path.of(socket + ".client");
    }

    String fingerprint() {
      return run(socket, "kernel-sim", "stats", "--json")
          .ok()
          .out()
          .replaceAll("(?s).*\"protocol_fingerprint\": \"(\\w+)\".*", "$1");
    }
  }

  @BeforeAll
  void installBoth() throws IOException {
    top = shared.toRealPath();
    first = install("first", Protocol.RELEASE);
    second = install("second", SecondBuild.RELEASE);
    SecondBuild.make(second.home, Files.createDirectory(top.resolve("build")));
    start(first);
    start(second);
  }

  private Version install(String name, String release) throws IOException {
    Path prefix = top.resolve(name);
    Tool.start(List.of(Tool.TOP.resolve("scripts/stage").toString(), prefix.toString(), "caches"))
        .await()
        .ok();
    return new Version(prefix.resolve("lib/linkout"), release, top.resolve(name + ".sock"));
  }

  private void start(Version version) {
    version.run(version.socket, "kernel-sim", "start").ok();
    running.add(version);
  }

  @AfterAll
  void stopBoth() {
    for (Version version : running) {
      version.run(version.socket, "kernel-sim", "stop").ok();
      assertThat(version.link().toFile()).doesNotExist();
    }
  }

  @Test
  void eachKernelGetsItsOwnClient() throws IOException {
    assertThat(first.fingerprint()).isEqualTo(Protocol.fingerprint());
    assertThat(second.fingerprint()).matches("[0-9a-f]{64}").isNotEqualTo(Protocol.fingerprint());
    for (Version kernel : List.of(first, second)) {
      assertThat(Files.readSymbolicLink(kernel.link())).isEqualTo(kernel.home);
      for (Version called : List.of(first, second)) {
        assertThat(called.run(kernel.socket, "lsmod", "--version").ok().out())
            .contains("version " + called.release + "\n");
        called.run(kernel.socket, "insmod", Tool.example("hello"), "whom=you").ok();
        assertThat(called.run(kernel.socket, "lsmod").ok().out()).contains("hello ");
        assertThat(called.run(kernel.socket, "dmesg").ok().out()).contains("Hello, you.");
        assertThat(called.run(kernel.socket, "kernel-sim", "status").ok().out())
            .contains("modules:  1\n");
        called.run(kernel.socket, "kernel-sim", "status", "-q").ok();
        called.run(kernel.socket, "rmmod", "hello").ok();
      }
    }
  }

  @Test
  void withoutTheLinkBothSidesAndTheRightClientAreNamed() throws IOException {
    withoutTheLink(first, second);
    withoutTheLink(second, first);
  }

  /** Calls the commands of {@code other} for the kernel of {@code version}. */
  private void withoutTheLink(Version version, Version other) throws IOException {
    String of = version.fingerprint();
    String client = other.fingerprint();
    Path aside = top.resolve("aside");
    Files.move(version.link(), aside);
    assertRefused(other, other, version, client, of, "");
    assertWhatIsSaidWorks(other, version);
    // What others can write to is as good as none.
    Files.move(aside, version.link());
    TwoInstallations.mode(version.home, "rwxrwxrwx");
    assertRefused(other, other, version, client, of, "");
    assertWhatIsSaidWorks(other, version);
    TwoInstallations.mode(version.home, "rwxr-xr-x");
    other.run(version.socket, "lsmod").ok();
  }

  @Test
  void aWrongLinkIsNamedAndOnceItIsGoneTheRightClientServes() throws IOException {
    Path link = first.link();
    Path aside = top.resolve("aside");
    String one = first.fingerprint();
    Files.move(link, aside);
    String remove = "\n  first remove " + link + ", a link that leads here instead of there";
    for (Version called : List.of(first, second)) {
      Files.createSymbolicLink(link, second.home);
      // The second's own command followed nothing, but would be no better off with the first's.
      assertRefused(
          called, second, first, second.fingerprint(), one, called.equals(first) ? remove : "");
      assertWhatIsSaidWorks(called, first);
      assertThat(link).as("was to be removed").doesNotExist();
    }
    Files.move(aside, link);
  }

  /**
   * @param client the version that the command of {@code called} is run by
   * @param more what follows the line
   */
  private static void assertRefused(
      Version called, Version client, Version kernel, String its, String of, String more) {
    String refusal =
        "ERROR: this client speaks protocol %s (release %s), the kernel speaks %s (release %s): use %s%s\n"
            .formatted(its, client.release, of, kernel.release, kernel.home, more);
    for (List<String> command :
        List.of(
            List.of("lsmod"),
            List.of("insmod", Tool.example("hello")),
            List.of("kernel-sim", "status"))) {
      String name = command.getFirst();
      String[] words = command.subList(1, command.size()).toArray(String[]::new);
      assertThat(called.run(kernel.socket, name, words).failed().err())
          .isEqualTo(name + ": " + refusal);
    }
    assertThat(called.run(kernel.socket, "kernel-sim", "status", "-q").status()).isOne();
  }

  /** Does what the refusal of a command of {@code called} says, as often as it says anything. */
  private static void assertWhatIsSaidWorks(Version called, Version kernel) throws IOException {
    Path from = called.home;
    for (int i = 0; i < 3; i++) {
      Tool.Outcome outcome = new Version(from, "", kernel.socket).run(kernel.socket, "lsmod");
      if (outcome.status() == 0) {
        outcome.ok();
        assertThat(from).isEqualTo(kernel.home);
        return;
      }
      String said = outcome.failed().err();
      from = Path.of(said.replaceAll("(?s).*: use (\\S+)\n.*", "$1"));
      if (said.contains("\n  first remove ")) {
        Files.delete(Path.of(said.replaceAll("(?s).*\n  first remove (\\S+), .*", "$1")));
      }
    }
    throw new AssertionError("still refused, having done what was said");
  }

  @Test
  void aKernelThatWasKilledLeavesItsLinkToTheNext() throws IOException {
    Path socket = top.resolve("killed.sock");
    Version killed = new Version(second.home, second.release, socket);
    killed.run(socket, "kernel-sim", "start").ok();
    String pid =
        killed
            .run(socket, "kernel-sim", "status")
            .ok()
            .out()
            .replaceAll("(?s).*pid: *(\\d+)\n.*", "$1");
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    Version next = new Version(first.home, first.release, socket);
    next.run(socket, "kernel-sim", "start").ok();
    running.add(next);
    assertThat(Files.readSymbolicLink(next.link())).isEqualTo(first.home);
    second.run(socket, "lsmod").ok();
  }
}
