package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files that fuzzing found, or that somebody thought of, stay found: each is replayed for ever. */
final class FuzzRegressionTest {
  private static final Path FOLDER = Path.of("src/test/resources/fuzz");

  @TestFactory
  Stream<DynamicTest> everyFileOfTheFolder() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(FOLDER)) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    String.valueOf(file.getFileName()),
                    () -> LinkFuzz.fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  @Test
  void theTargetTakesAGoodModule() {
    byte[] module = new TestModule().imports("_printk").thisModule(0, 0).bytes();
    assertThatCode(() -> LinkFuzz.fuzzerTestOneInput(module)).doesNotThrowAnyException();
  }
}
