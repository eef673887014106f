package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.config.ModuleTree;
import io.linkout.link.ModuleFile;
import io.linkout.link.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the file of a module is looked for, and which file it is. */
class ModuleFilesTest {
  @TempDir Path directory = Path.of("replaced by JUnit");
  private Path tree = Path.of("set before each");

  @BeforeEach
  void makeTree() throws IOException {
    tree = directory.resolve("lib/modules/6.1");
    Files.createDirectories(tree.resolve("kernel"));
    Files.createDirectories(tree.resolve("updates"));
  }

  private Path compiled(String path, int answer) throws IOException, InterruptedException {
    Path file = tree.resolve(path);
    Path c = Files.writeString(directory.resolve("m.c"), "int f(void) { return " + answer + "; }");
    Programs.run(List.of("gcc", "-g0", "-c", c.toString(), "-o", file.toString()));
    return file;
  }

  private static String buildId(Path file) throws IOException {
    try (ModuleFile module = ModuleFile.open(file)) {
      return module.buildId();
    }
  }

  private String found(String buildId, List<String> others) {
    ModuleFiles files = new ModuleFiles(ModuleTree.of(directory.toString(), Map.of(), "6.1"));
    try (ModuleFile file = files.open(new ModuleFiles.Wanted("m_m", buildId, ""), others)) {
      return file == null ? "none" : tree.relativize(Path.of(file.path())).toString();
    }
  }

  @Test
  void byDepmodsIndexWhateverItsName() throws IOException, InterruptedException {
    Path other = compiled("kernel/other.ko", 1);
    List<String> others = new ArrayList<>();
    assertThat(found(buildId(other), others)).isEqualTo("none");
    Files.writeString(tree.resolve("modules.buildid"), buildId(other) + " kernel/other.ko\n");
    assertThat(found(buildId(other), others)).isEqualTo("kernel/other.ko");
    assertThat(others).isEmpty();
  }

  @Test
  void byNameWhereTheListsHaveNoneOrAnother() throws IOException, InterruptedException {
    Path wanted = compiled("updates/m-m.ko", 1);
    String id = buildId(wanted);
    List<String> others = new ArrayList<>();
    assertThat(found(id, others)).as("no lists").isEqualTo("updates/m-m.ko");
    Files.writeString(tree.resolve("modules.dep"), "kernel/x.ko:\n");
    assertThat(found(id, others)).as("it is not in them").isEqualTo("updates/m-m.ko");
    assertThat(others).isEmpty();
    Path another = compiled("kernel/m-m.ko", 2);
    Files.writeString(tree.resolve("modules.dep"), "kernel/m-m.ko:\n");
    assertThat(found(id, others)).as("they have another build").isEqualTo("updates/m-m.ko");
    assertThat(others).containsExactly(another + " has build id " + buildId(another));
    Files.writeString(tree.resolve("modules.buildid"), id + " kernel/gone.ko\n");
    assertThat(found(id, others)).as("it was moved").isEqualTo("updates/m-m.ko");
  }

  @Test
  void neverAnotherBuild() throws IOException, InterruptedException {
    Path one = compiled("kernel/m_m.ko", 1);
    Path two = compiled("updates/m-m.ko", 2);
    List<String> others = new ArrayList<>();
    assertThat(found("00", others)).isEqualTo("none");
    assertThat(others)
        .containsExactlyInAnyOrder(
            one + " has build id " + buildId(one), two + " has build id " + buildId(two));
  }
}
