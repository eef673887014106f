package io.linkout.link.x86_64;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.link.FixupRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md has a row for every section that is acted on or left alone, as it is. */
final class FixupDocumentTest {
  private static final Path TOP =
      Path.of(System.getProperty("linkout.top", "..")).toAbsolutePath().normalize();

  @Test
  void everyRowIsDocumentedWithItsTreatment() throws IOException {
    List<String> rows =
        Files.readAllLines(TOP.resolve("docs/ARCHITECTURE.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    for (FixupRow row : X86_64.ARCHITECTURE.fixups()) {
      assertThat(rows)
          .as("%s in docs/ARCHITECTURE.md", row.section())
          .anyMatch(
              line ->
                  cell(line, 1).contains("`" + row.section() + "`")
                      && cell(line, 2)
                          .contains(row.treatment().toString().toLowerCase(Locale.ROOT) + ":"));
    }
  }

  /** Returns what is between bar {@code number}, from 1, and the next. */
  private static String cell(String line, int number) {
    int from = -1;
    for (int i = 0; i < number; i++) {
      from = line.indexOf('|', from + 1);
    }
    return line.substring(from + 1, line.indexOf('|', from + 1));
  }
}
