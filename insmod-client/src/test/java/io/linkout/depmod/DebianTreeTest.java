package io.linkout.depmod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.linkout.link.Debian;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** depmod over Debian's tree: every line of every list is kmod's. */
final class DebianTreeTest {
  private static final List<String> LISTS =
      List.of(
          "modules.dep", "modules.alias", "modules.softdep", "modules.symbols", "modules.devname");

  @TempDir Path directory;

  /** Debian's tree of modules, which is not written to. */
  private static Path original() throws IOException {
    try (Stream<Path> found = Files.list(Debian.root().resolve("lib/modules"))) {
      return found.filter(p -> Files.isDirectory(p.resolve("kernel"))).findFirst().orElseThrow();
    }
  }

  /** Returns a directory that is that tree, but for what is written into it. */
  private Path copy() throws IOException {
    Path original = original();
    Path copy =
        Files.createDirectories(
            directory.resolve("root/lib/modules").resolve(original.getFileName()));
    for (String name :
        List.of("kernel", "modules.order", "modules.builtin", "modules.builtin.modinfo")) {
      Files.createSymbolicLink(copy.resolve(name), original.resolve(name));
    }
    return copy;
  }

  /** Else JUnit warns of links that lead out of its directory. */
  private static void deleteLinks(Path copy) throws IOException {
    try (Stream<Path> files = Files.list(copy)) {
      for (Path file : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Request request(Path tree) {
    return FakeTreeTest.request(tree);
  }

  private static List<String> sorted(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream().sorted().toList();
  }

  @Test
  void everyListAsRecorded() throws IOException, NoSuchAlgorithmException {
    Path tree = original();
    assumeTrue(tree.endsWith("6.1.0-56-amd64"), "recorded for another release than " + tree);
    FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
    Depmod.lists(request(tree), remarks).write(directory);
    assertThat(remarks.lines).isEmpty();
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name : LISTS) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String line : sorted(directory.resolve(name))) {
        digest.update((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
      }
      digests.put(name, HexFormat.of().formatHex(digest.digest()));
    }
    assertThat(digests).isEqualTo(recorded());
  }

  private static Map<String, String> recorded() throws IOException {
    Map<String, String> recorded = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                DebianTreeTest.class.getResourceAsStream("/depmod/debian.sha256"),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          recorded.put(line.substring(66), line.substring(0, 64));
        }
      }
    }
    return recorded;
  }

  @Test
  void everyListAsTheHostsKmodWritesIt() throws IOException, InterruptedException {
    assumeTrue(Kmod.isThere(), "no kmod 30 on this host");
    Path tree = copy();
    Kmod.Outcome outcome = Kmod.depmod(directory.resolve("root"), tree.getFileName().toString());
    assertThat(outcome).isEqualTo(new Kmod.Outcome(0, "", ""));
    Path ours = Files.createDirectories(directory.resolve("ours"));
    Depmod.lists(request(tree), new FakeTreeTest.Remarks()).write(ours);
    for (String name : LISTS) {
      if (name.equals("modules.symbols")) {
        assertThat(sorted(ours.resolve(name))).isEqualTo(sorted(tree.resolve(name)));
      } else {
        assertThat(ours.resolve(name)).hasSameBinaryContentAs(tree.resolve(name));
      }
    }
    deleteLinks(tree);
  }
}
