package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.depmod.FakeTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What modprobe prints without a kernel, over the small tree: as kmod 30 did when {@code
 * modprobe/outputs.kmod30} was recorded, and as it does now where it is installed. {@code
 * -Dlinkout.record=FILE} records anew.
 */
class ModprobeOutputTest {
  /** A command a line; words are separated by blanks. */
  private static final String COMMANDS =
      """
      -c
      -D top
      -D top a=1 b=2
      -D top.ko
      -D chain-c
      -D chain_c
      -D wild
      -D -i wild
      -nv wild
      -n wild
      -D weak
      -D nick
      -D nickname
      -D commanded
      -D commanded o=1
      -D -i left
      -D blacked
      -D blacked-alias
      -bD blacked
      -aD base nosuch left
      -D built-in-one
      -D one-thing
      -n built_in_one
      -n --first-time built-in-one
      -R top
      -R pci:v00001AF4d00001000sv00000000sd00000000bc00sc00i00
      -R usb:v1D6Bp0002d0100dc09dsc00dp00ic09isc00ip00in00
      -R usb:v1D6Bp0004d0100dc09dsc00dp00ic09isc00ip00in00
      -R wild-dashed-name
      -R wild_dashed_name
      -R char-major-10-42
      -R symbol:base_value
      -R symbol:nobody_has
      -R one-thing
      -R many-one
      -D many-one
      -s -n nosuch
      -nv -i left
      -D install-x
      -R nosuch
      -R a]b
      -n nosuch
      -qn nosuch
      -nr built-in-one
      -nr base
      -nrv base
      -nr --first-time base
      -nr nosuch
      -nra nosuch base
      -rnv right
      -rnv -i right
      -rnav nosuch top
      -rn blacked-alias
      -rnq nosuch
      -w x -r base
      --show-exports $TREE/kernel/lib/left.ko
      --show-exports $TREE/nosuch.ko
      --show-modversions $TREE/kernel/lib/left.ko
      """;

  private static final String CONFIG =
      """
      alias nick top
      alias nick* left
      alias many-* base
      alias many-* right
      alias many-* nosuch
      options top configured=1
      options nick by_alias="a b"
      options base c=3\td=4
      install commanded /bin/true $CMDLINE_OPTS
      install left /bin/left
      install install-* echo wildcard
      remove commanded /bin/false
      remove right /bin/echo $CMDLINE_OPTS removed
      blacklist blacked
      blacklist right
      alias blacked-alias right
      softdep chain_b pre: weak post: base
      softdep plain other
      """;

  @TempDir static Path directory;
  private static Path root;
  private static Path tree;

  @BeforeAll
  static void make() throws IOException {
    FakeTree fake = FakeTree.in(directory.resolve("root"));
    root = fake.root();
    tree = fake.directory();
    Files.writeString(root.resolve("test.conf"), CONFIG);
    Ran listed = Ran.in(Map.of(), "depmod", "-b", root.toString(), FakeTree.RELEASE);
    assertThat(listed.err()).isEmpty();
    // kmod 30 knows no weak dependencies
    Files.deleteIfExists(tree.resolve("modules.weakdep"));
  }

  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    words.add("-d");
    words.add(root.toString());
    words.add("-S");
    words.add(FakeTree.RELEASE);
    words.add("-C");
    words.add(root.resolve("test.conf").toString());
    for (String word : command.trim().split(" ", -1)) {
      words.add(word.replace("$TREE", tree.toString()));
    }
    return words;
  }

  private static Ran ours(String command) {
    List<String> words = words(command);
    words.addFirst("modprobe");
    return Ran.in(Map.of(), words.toArray(String[]::new));
  }

  private static String text(String command, Ran ran) {
    StringBuilder text = new StringBuilder("$ modprobe " + command + "\n");
    // the host's own command line is not part of it
    for (String line : ran.out().lines().toList()) {
      if (!line.startsWith("options ") || CONFIG.contains(line.split(" ", -1)[1])) {
        // kmod 30 forgets the blank, so that what it prints is no configuration
        text.append(line.replaceFirst("^(softdep .*\\S)post:", "$1 post:")).append('\n');
      }
    }
    text.append(ran.err()).append("status ").append(ran.status()).append('\n');
    return text.toString().replace(root.toString(), "ROOT");
  }

  @Test
  void equalsWhatWasRecorded() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String command : COMMANDS.lines().toList()) {
      all.append(text(command, ours(command)));
    }
    try (var in = ModprobeOutputTest.class.getResourceAsStream("/modprobe/outputs.kmod30")) {
      assertThat(all.toString().lines())
          .containsExactlyElementsOf(
              new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  @Test
  void equalsKmodNow() throws IOException {
    Kmod.assumeInstalled();
    Kmod.run("depmod", List.of("-b", root.toString(), FakeTree.RELEASE));
    StringBuilder all = new StringBuilder();
    for (String command : COMMANDS.lines().toList()) {
      String kmod = text(command, Kmod.run("modprobe", words(command)));
      assertThat(text(command, ours(command))).isEqualTo(kmod);
      all.append(kmod);
    }
    String record = System.getProperty("linkout.record");
    if (record != null) {
      Files.writeString(Path.of(record), all);
    }
  }
}
