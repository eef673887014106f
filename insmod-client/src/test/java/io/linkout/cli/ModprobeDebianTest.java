package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.link.Debian;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shuffle of Debian's modules and aliases: modprobe prints what the host's kmod 30 prints. */
class ModprobeDebianTest {
  private static final long SEED = 20261123;
  private static final int SAMPLE = 150;

  @TempDir static Path root;
  private static String release = "";
  private static List<String> modules = List.of();
  private static List<String> aliases = List.of();

  /** The lists are written beside a link to the modules: Debian's own tree stays as it is. */
  @BeforeAll
  static void list() throws IOException {
    Kmod.assumeInstalled();
    Path debian = debianTree();
    release = String.valueOf(debian.getFileName());
    Path tree = Files.createDirectories(root.resolve("lib/modules").resolve(release));
    for (String name : List.of("modules.order", "modules.builtin", "modules.builtin.modinfo")) {
      Files.copy(debian.resolve(name), tree.resolve(name));
    }
    Files.createSymbolicLink(tree.resolve("kernel"), debian.resolve("kernel"));
    assertThat(Kmod.run("depmod", List.of("-b", root.toString(), release)).status()).isZero();
    modules = sample(tree.resolve("modules.dep"));
    aliases = sample(tree.resolve("modules.alias"));
  }

  @AfterAll
  static void unlink() throws IOException {
    Files.deleteIfExists(root.resolve("lib/modules").resolve(release).resolve("kernel"));
  }

  private static Path debianTree() throws IOException {
    try (var trees = Files.newDirectoryStream(Debian.root().resolve("lib/modules"))) {
      return trees.iterator().next();
    }
  }

  private static List<String> sample(Path list) throws IOException {
    List<String> all = new ArrayList<>();
    for (String line : Files.readAllLines(list)) {
      if (line.startsWith("alias ")) {
        all.add(instance(line.substring(6, line.lastIndexOf(' '))));
      } else if (line.indexOf(':') > 0) {
        String path = line.substring(0, line.indexOf(':'));
        all.add(path.substring(path.lastIndexOf('/') + 1, path.length() - ".ko".length()));
      }
    }
    Collections.shuffle(all, new Random(SEED));
    assertThat(all).hasSizeGreaterThan(1000);
    return all.subList(0, SAMPLE);
  }

  /** Returns a name that matches {@code pattern}. */
  private static String instance(String pattern) {
    return pattern.replaceAll("\\[([^\\]])[^\\]]*\\]", "$1").replace("*", "00").replace("?", "0");
  }

  private static void compare(String option, List<String> operands) {
    List<String> words = new ArrayList<>();
    words.add("-d");
    words.add(root.toString());
    words.add("-S");
    words.add(release);
    words.add("-C");
    words.add(root.resolve("none").toString());
    words.add(option);
    words.addAll(operands);
    Ran theirs = Kmod.run("modprobe", words);
    words.addFirst("modprobe");
    Ran ours = Ran.in(Map.of("LINKOUT_CMDLINE", "/proc/cmdline"), words.toArray(String[]::new));
    assertThat(ours.out().lines()).containsExactlyElementsOf(theirs.out().lines().toList());
    assertThat(ours.err()).isEqualTo(theirs.err());
    assertThat(ours.status()).isEqualTo(theirs.status());
  }

  @Test
  void dependenciesOfModules() {
    compare("-aD", modules);
  }

  @Test
  void dryRunsOfModules() {
    compare("-anv", modules);
  }

  @Test
  void modulesOfAliases() {
    compare("-aR", aliases);
  }

  @Test
  void dependenciesOfAliases() {
    compare("-aD", aliases);
  }

  @Test
  void configurationAndIndexes() {
    compare("-c", List.of());
  }

  @Test
  void exportsAndVersions() {
    for (String module : modules.subList(0, 40)) {
      Ran found = Ran.in(Map.of(), "modinfo", "-b", root.toString(), "-k", release, "-n", module);
      compare("--show-exports", List.of(found.out().trim()));
      compare("--show-modversions", List.of(found.out().trim()));
    }
  }
}
