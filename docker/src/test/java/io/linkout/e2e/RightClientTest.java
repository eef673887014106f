package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose client the launcher starts: its own, or that of the installation the kernel is of. */
class RightClientTest {
  private TwoInstallations two;

  @BeforeEach
  void layOut(@TempDir Path directory) throws IOException {
    two = new TwoInstallations(directory);
  }

  @Test
  void theOtherInstallationServesItsKernelWithAllThatWasTyped() {
    String socket = two.socket.toString();
    String modprobe = two.own.resolve("bin/modprobe").toString();
    assertThat(
            Tool.start(List.of(modprobe, "-v", "a  b*", "--socket", socket, "x='y z'"))
                .await()
                .ok()
                .out())
        .startsWith("other ")
        .endsWith("[modprobe] [a  b*] [" + socket + "] [x='y z']\n");
    assertThat(two.who(Map.of(), "linkout", "lsmod", "--socket", socket)).isEqualTo("other");
  }

  /** Without a look at who owns what, which would take a process. */
  @Test
  void itsOwnKernelIsServedByItself() throws IOException {
    Files.writeString(two.own.resolve("right-client"), "echo looked; exit\n");
    assertThat(two.who()).isEqualTo("looked");
    two.relink(two.own);
    assertThat(two.who()).isEqualTo("own");
    // The same by another name.
    two.relink(Files.createSymbolicLink(two.top.resolve("alias"), two.own));
    assertThat(two.who()).isEqualTo("own");
    // What everybody has on the PATH is not in the directory that the link leads to.
    String prefix = two.top.resolve("own/bin/linkout").toString();
    String socket = two.socket.toString();
    assertThat(Tool.start(List.of(prefix, "lsmod", "--socket", socket)).await().ok().out())
        .startsWith("own ");
  }

  @Test
  void withoutALinkAndWithABrokenOneItServesItself() throws IOException {
    Files.delete(two.link);
    assertThat(two.who()).isEqualTo("own");
    for (String target : List.of("gone", "run/k.sock.client", "own/lib", "/usr", "own/java")) {
      two.relink(two.top.resolve(target));
      assertThat(two.who()).as("%s", target).isEqualTo("own");
    }
    Files.delete(two.link);
    Files.move(two.other, two.link);
    assertThat(two.who()).as("no link but a directory").isEqualTo("own");
  }

  @Test
  void anInstallationWithoutTheCommandIsNotAsked() throws IOException {
    Files.delete(two.other.resolve("bin/lsmod"));
    assertThat(two.who()).isEqualTo("own");
  }

  /** SOCKET is the socket's path. */
  @ParameterizedTest
  @CsvSource({
    "lsmod --socket=SOCKET, other",
    "lsmod --soc SOCKET, other",
    "lsmod --s=SOCKET, other",
    "lsmod --socket /nowhere --socket SOCKET, other",
    "lsmod --socket SOCKET --socket /nowhere, own",
    "lsmod operand --socket SOCKET, other",
    "lsmod --socket run/k.sock, other",
    "lsmod -- --socket SOCKET, own",
    "lsmod +socket SOCKET, own",
    "lsmod --socket SOCKET --help, own",
    "lsmod --socket SOCKET -V, own",
    "lsmod --socket, own",
    "modinfo --socket SOCKET x.ko, own",
    "depmod --socket SOCKET, own",
    "ksymoops --socket SOCKET x.log, own",
    "modprobe --socket SOCKET x, other",
    "modcheck --socket SOCKET x.ko, other",
    "modcheck --socket SOCKET --kernel-headers /h x.ko, own",
    "kernel-sim stop --socket SOCKET, other",
    "kernel-sim status -q --socket SOCKET, other",
    "kernel-sim run --socket SOCKET, own",
  })
  void theSocketIsTheOneThatTheCommandWillUse(String line, String expected) {
    String[] words = line.replace("SOCKET", two.socket.toString()).split(" ", -1);
    assertThat(two.who(Map.of(), words[0], Arrays.copyOfRange(words, 1, words.length)))
        .isEqualTo(expected);
  }

  @Test
  void theEnvironmentNamesTheSocketAsForTheCommand() {
    Map<String, String> named = Map.of("LINKOUT_SOCKET", two.socket.toString());
    assertThat(two.who(named, "lsmod")).isEqualTo("other");
    assertThat(two.who(named, "lsmod", "--socket", "/nowhere")).isEqualTo("own");
    Map<String, String> options = Map.of("MODPROBE_OPTIONS", "-q --socket " + two.socket);
    assertThat(two.who(options, "modprobe", "x")).isEqualTo("other");
    assertThat(two.who(options, "lsmod")).isEqualTo("own");
  }

  @Test
  void theSocketOfTheUsersRuntimeDirectoryCountsIfItIsThere() throws IOException {
    Path linkout = Files.createDirectories(two.top.resolve("runtime/linkout"));
    TwoInstallations.mode(two.top.resolve("runtime"), "rwx------");
    TwoInstallations.mode(linkout, "rwx------");
    Files.createSymbolicLink(linkout.resolve("kernel.sock.client"), two.other);
    String runtime = two.top.resolve("runtime").toString();
    assertThat(two.who(Map.of("XDG_RUNTIME_DIR", runtime), "lsmod")).isEqualTo("own");
    Files.createFile(linkout.resolve("kernel.sock"));
    assertThat(two.who(Map.of("XDG_RUNTIME_DIR", runtime), "lsmod")).isEqualTo("other");
    assertThat(two.who(Map.of("XDG_RUNTIME_DIR", runtime, "LINKOUT_SOCKET", "/nowhere"), "lsmod"))
        .isEqualTo("own");
  }

  /** A link that changes under the launchers, by what runs as the other's. */
  @Test
  void nobodyIsSentOnTwice() throws IOException {
    Path real = two.top.resolve("launcher");
    Files.move(two.other.resolve("bin/linkout"), real);
    Path changing = two.other.resolve("bin/linkout");
    Files.writeString(
        changing, "#!/bin/sh\nln -sfn '" + two.own + "' '" + two.link + "'\n. '" + real + "'\n");
    TwoInstallations.mode(changing, "rwxr-xr-x");
    assertThat(two.who()).isEqualTo("other");
  }
}
