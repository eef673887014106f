package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher follows no link that others than root and its caller can have a hand in. */
class TrustedLinkTest {
  private static final int UID = 54321;

  private TwoInstallations two;

  @BeforeEach
  void layOut(@TempDir Path directory) throws IOException {
    two = new TwoInstallations(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        ".",
        "other",
        "other/lib",
        "other/lib/linkout",
        "other/lib/linkout/bin",
        "other/lib/linkout/bin/linkout"
      })
  void whatOthersCanWriteToIsNotFollowed(String name) throws IOException {
    Path file = two.top.resolve(name);
    assertThat(two.who()).isEqualTo("other");
    TwoInstallations.mode(file, "rwxrwxr-x");
    assertThat(two.who()).as("its group").isEqualTo("own");
    TwoInstallations.mode(file, "rwxr-xrwx");
    assertThat(two.who()).as("everybody").isEqualTo("own");
    TwoInstallations.mode(file, "rwxr-xr-x");
    assertThat(two.who()).isEqualTo("other");
  }

  @Test
  void aStickyDirectoryMayHoldTheLinkButNotBeTheInstallation() throws IOException {
    Files.setAttribute(two.top.resolve("run"), "unix:mode", 01777);
    Files.setAttribute(two.top.resolve("other/lib"), "unix:mode", 01777);
    assertThat(two.who()).isEqualTo("other");
    Files.setAttribute(two.other, "unix:mode", 01777);
    assertThat(two.who()).isEqualTo("own");
    TwoInstallations.mode(two.other, "rwxr-xr-x");
    Files.setAttribute(two.other.resolve("bin"), "unix:mode", 01777);
    assertThat(two.who()).isEqualTo("own");
  }

  /** Where the host lets it be done, anybody can give a link of somebody else's a second name. */
  @Test
  void aLinkOfSeveralNamesIsNotFollowed() throws IOException {
    Files.createLink(two.top.resolve("second"), two.link);
    assertThat(two.who()).isEqualTo("own");
  }

  @Test
  void anInstallationWhoseBinIsElsewhereIsNotFollowed() throws IOException {
    Path elsewhere = two.top.resolve("elsewhere");
    Files.move(two.other.resolve("bin"), elsewhere);
    Files.createSymbolicLink(two.other.resolve("bin"), elsewhere);
    assertThat(two.who()).isEqualTo("own");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run/k.sock.client",
        "run",
        ".",
        "other",
        "other/lib/linkout",
        "other/lib/linkout/bin",
        "other/lib/linkout/bin/linkout"
      })
  void rootFollowsWhatIsRootsOnly(String file) throws IOException {
    assumeTrue(mayGiveAway(), "needs root and setpriv");
    assertThat(two.who()).isEqualTo("other");
    TwoInstallations.give(two.top.resolve(file), UID);
    assertThat(two.who()).isEqualTo("own");
  }

  @Test
  void aUserFollowsWhatIsRootsOrTheirOwn() throws IOException {
    assumeTrue(mayGiveAway(), "needs root and setpriv");
    assertThat(two.whoAs(UID)).isEqualTo("other");
    for (Path file : List.of(two.link, two.top.resolve("run"), two.other)) {
      TwoInstallations.give(file, UID);
    }
    assertThat(two.whoAs(UID)).isEqualTo("other");
    assertThat(two.whoAs(UID + 1)).isEqualTo("own");
    assertThat(two.who()).as("root").isEqualTo("own");
  }

  private boolean mayGiveAway() {
    try {
      String launcher = two.own.resolve("bin/lsmod").toString();
      return TwoInstallations.as(UID, "test", "-x", launcher).await().status() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }
}
