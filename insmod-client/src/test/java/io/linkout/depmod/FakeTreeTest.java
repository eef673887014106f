package io.linkout.depmod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** depmod over the small tree: the lists are those that kmod 30 wrote, recorded and live. */
final class FakeTreeTest {
  @TempDir static Path directory;
  private static FakeTree tree;

  @BeforeAll
  static void make() {
    tree = FakeTree.in(directory.resolve("root"));
  }

  static Request request(Path tree, String... files) {
    return new Request(
        tree, FakeTree.RELEASE, List.of(files), List.of(), null, null, false, false, false, '\0');
  }

  /** Remarks, in order. */
  static final class Remarks implements Report {
    final List<String> lines = new ArrayList<>();

    @Override
    public void warning(String text) {
      lines.add("W " + text);
    }

    @Override
    public void error(String text) {
      lines.add("E " + text);
    }

    @Override
    public void show(String text) {
      lines.add("S " + text);
    }
  }

  private static String recorded(String name) throws IOException {
    try (var in = FakeTreeTest.class.getResourceAsStream("/depmod/" + name + ".kmod30")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Order of symbols is that of kmod's hash table: unspecified. */
  private static List<String> lines(String name, String text) {
    return name.equals("modules.symbols") ? text.lines().sorted().toList() : text.lines().toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "modules.dep",
        "modules.alias",
        "modules.softdep",
        "modules.symbols",
        "modules.devname"
      })
  void eachListIsAsKmodWroteIt(String name) throws IOException {
    Path out = Files.createDirectories(directory.resolve("out"));
    Remarks remarks = new Remarks();
    Depmod.lists(request(tree.directory()), remarks).write(out);
    assertThat(remarks.lines).isEmpty();
    assertThat(lines(name, Files.readString(out.resolve(name))))
        .isEqualTo(lines(name, recorded(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "modules.dep",
        "modules.alias",
        "modules.softdep",
        "modules.symbols",
        "modules.devname"
      })
  void eachListIsAsTheHostsKmodWritesIt(String name) throws IOException, InterruptedException {
    assumeTrue(Kmod.isThere(), "no kmod 30 on this host");
    Kmod.depmod(tree.root(), FakeTree.RELEASE);
    String theirs = Files.readString(tree.directory().resolve(name));
    Depmod.lists(request(tree.directory()), new Remarks()).write(tree.directory());
    assertThat(lines(name, Files.readString(tree.directory().resolve(name))))
        .isEqualTo(lines(name, theirs));
  }
}
