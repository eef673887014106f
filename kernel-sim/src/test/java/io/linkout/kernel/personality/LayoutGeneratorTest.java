package io.linkout.kernel.personality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The compiler's answers against small headers, and, where LINKOUT_DEBIAN names an unpacked headers
 * package, the shipped layout against it. With LINKOUT_WRITE_LAYOUT naming a file, the answers are
 * written there: that is how the shipped one is made.
 */
class LayoutGeneratorTest {
  @TempDir Path directory = Path.of("none");

  @Test
  void aCacheKeepsWhatItIsGiven() {
    LayoutCache cache = new LayoutCache(Optional.of(directory.resolve("new")));
    assertThat(cache.read("k", "s")).isEmpty();
    cache.keep("k", new java.util.TreeMap<>(java.util.Map.of("sizeof.module", 896L)));
    assertThat(cache.read("k", "s").orElseThrow().of("sizeof.module")).isEqualTo(896);
    assertThat(cache.read("other", "s")).isEmpty();
  }

  @Test
  void questionsTheHeadersDoNotKnowAreDropped() throws IOException {
    Assumptions.assumeTrue(hasCompiler(), "SKIPPED: no gcc");
    Path include = Files.createDirectories(directory.resolve("include/linux"));
    for (String line : LayoutGenerator.questions().lines().toList()) {
      if (line.startsWith("include ")) {
        Path header = directory.resolve("include").resolve(line.substring(8));
        Files.createDirectories(header.getParent());
        Files.writeString(header, "");
      }
    }
    Files.writeString(
        include.resolve("module.h"),
        "struct module { int state; char name[56]; }; enum { HZ = 300 };\n");
    SortedMap<String, Long> answers = new LayoutGenerator(directory, directory, "gcc").generate();
    assertThat(answers)
        .containsEntry("sizeof.module", 60L)
        .containsEntry("module.name", 4L)
        .containsEntry("HZ", 300L)
        .doesNotContainKeys("module.exit", "sizeof.mutex");
  }

  /** The releases whose headers the shipped layout is of; an update can change a structure. */
  private static final Set<String> SHIPPED = Set.of("6.1.0-56-amd64", "6.1.0-57-amd64");

  @Test
  void theShippedLayoutIsThatOfTheHeaders() throws Exception {
    String root = System.getenv("LINKOUT_DEBIAN");
    Assumptions.assumeTrue(
        root != null && hasCompiler(), "SKIPPED: no Debian headers (LINKOUT_DEBIAN is not set)");
    Path headers;
    try (var trees = Files.list(Path.of(String.valueOf(root), "usr/src"))) {
      headers =
          trees.filter(p -> p.toString().matches(".*-6\\.1\\..*-amd64")).findFirst().orElseThrow();
    }
    Path common = Path.of(headers.toString().replace("-amd64", "-common"));
    SortedMap<String, Long> answers = new LayoutGenerator(headers, common, "gcc").generate();
    String target = System.getenv("LINKOUT_WRITE_LAYOUT");
    if (target != null) {
      StringBuilder text =
          new StringBuilder("# Debian linux-headers 6.1 amd64, by LayoutGenerator\n");
      answers.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
      Files.writeString(Path.of(target), text);
    }
    Map<String, Long> shipped = ShippedLayout.load().values();
    assertThat(shipped.keySet()).isEqualTo(answers.keySet());
    if (SHIPPED.contains(headers.getFileName().toString().replace("linux-headers-", ""))) {
      SortedMap<String, Long> differing = new TreeMap<>(answers);
      differing.entrySet().removeAll(shipped.entrySet());
      assertThat(differing).isEmpty();
    }
    // What pahole or crash would say of a 6.1 amd64 kernel.
    assertThat(answers).containsEntry("sizeof.module", 896L).containsEntry("module.init", 312L);
  }

  private static boolean hasCompiler() {
    return Files.isExecutable(Path.of("/usr/bin/gcc"));
  }
}
