package io.linkout.depmod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** depmod.d: which of several modules of one name is listed. */
final class DepmodConfigTest {
  @TempDir static Path directory;
  private static FakeTree tree;

  @BeforeAll
  static void make() throws IOException {
    tree = FakeTree.in(directory.resolve("root"));
    for (String place : List.of("extra", "weak-updates")) {
      copy("kernel/lib/base.ko", tree.directory().resolve(place + "/base.ko"));
    }
    copy("kernel/lib/base.ko", directory.resolve("elsewhere/below/base.ko"));
  }

  private static void copy(String from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(tree.directory().resolve(from), to);
  }

  private static Path configuration(String text) throws IOException {
    return Files.writeString(
        Files.createTempFile(directory, "c", ".conf"), text.replace("DIR", directory.toString()));
  }

  private static String show(FakeTreeTest.Remarks remarks, Path... configuration) {
    Request request =
        new Request(
            tree.directory(),
            FakeTree.RELEASE,
            List.of(),
            List.of(configuration),
            null,
            null,
            false,
            false,
            false,
            '\0');
    return new String(Depmod.lists(request, remarks).show(), StandardCharsets.UTF_8);
  }

  /** Returns the path of the module called {@code name} that is listed. */
  private static String listed(String show, String name) {
    return show.lines()
        .filter(line -> line.matches("(\\S*/)?" + name + "\\.ko:.*"))
        .map(line -> line.substring(0, line.indexOf(':')))
        .findFirst()
        .orElse("none");
  }

  @ParameterizedTest
  @CsvSource({
    "search extra updates built-in, extra/base.ko, updates/wild.ko",
    "search built-in updates extra weak-updates, kernel/lib/base.ko, kernel/drivers/wild.ko",
    "search weak-updates extra built-in updates, weak-updates/base.ko, kernel/drivers/wild.ko",
    "override base 6.1.0-.* extra, extra/base.ko, updates/wild.ko",
    "override base * weak-updates, weak-updates/base.ko, updates/wild.ko",
    "override wild 5[.]4 extra, none, updates/wild.ko"
  })
  void oneOfEachName(String text, String base, String wild) throws IOException {
    FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
    String show = show(remarks, configuration(text + "\n"));
    if (!base.equals("none")) {
      assertThat(listed(show, "base")).isEqualTo(base);
    }
    assertThat(listed(show, "wild")).isEqualTo(wild);
    assertThat(remarks.lines).isEmpty();
  }

  @Test
  void externalDirectoriesAreSearchedToo() throws IOException {
    FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
    Path config =
        configuration(
            """
            external 6[.]1.* DIR/elsewhere
            external 9.* /nowhere
            search external updates built-in
            """);
    String show = show(remarks, config);
    assertThat(listed(show, "base")).isEqualTo(directory + "/elsewhere/below/base.ko");
    assertThat(show).contains("kernel/lib/left.ko: " + directory + "/elsewhere/below/base.ko\n");
    assertThat(remarks.lines).isEmpty();
  }

  @Test
  void anExcludedDirectoryIsPassedOver() throws IOException {
    String show = show(new FakeTreeTest.Remarks(), configuration("exclude updates chain\n"));
    assertThat(listed(show, "wild")).isEqualTo("kernel/drivers/wild.ko");
    assertThat(listed(show, "chain-a")).isEqualTo("none");
  }

  @Test
  void badLinesAreNamed() throws IOException {
    FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
    Path config =
        configuration("# a comment\n\nbogus\noverride base\nsearch \\\n updates\nexternal\n");
    show(remarks, config);
    assertThat(remarks.lines)
        .containsExactly(
            "E " + config + ":3: ignoring bad line starting with 'bogus'",
            "E " + config + ":4: ignoring bad line starting with 'override'",
            "E " + config + ":7: ignoring bad line starting with 'external'");
  }

  @Test
  void aFileHidesThoseOfItsNameInLaterDirectories() throws IOException {
    Path first = Files.createDirectories(directory.resolve("first"));
    Path second = Files.createDirectories(directory.resolve("second"));
    Files.writeString(first.resolve("a.conf"), "override base * extra\n");
    Files.writeString(second.resolve("a.conf"), "bogus\n");
    Files.writeString(second.resolve("not-read"), "bogus\n");
    FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
    assertThat(listed(show(remarks, first, second), "base")).isEqualTo("extra/base.ko");
    assertThat(remarks.lines).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "search updates extra built-in weak-updates",
        "search built-in updates",
        "search weak-updates",
        "override base .*linkout extra",
        "external * DIR/elsewhere\nsearch external built-in",
        "external * DIR/elsewhere\nsearch updates built-in",
      })
  void asTheHostsKmodDecides(String text) throws IOException, InterruptedException {
    assumeTrue(Kmod.isThere(), "no kmod 30 on this host");
    Path config = configuration(text + "\n");
    Kmod.Outcome kmod = Kmod.depmod(tree.root(), FakeTree.RELEASE, "-n", "-C", config.toString());
    assertThat(show(new FakeTreeTest.Remarks(), config).lines().sorted().toList())
        .isEqualTo(kmod.out().lines().sorted().toList());
  }
}
