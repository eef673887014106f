package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.command.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.junit.jupiter.api.Test;

/** The table of limits in docs/PROTOCOL.md names every option, and the defaults that hold. */
class LimitsDocumentTest {
  private static Map<String, String> documented() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("..", "docs", "PROTOCOL.md"))) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 6 && cells[2].strip().startsWith("`--")) {
        rows.put(cells[2].strip().replace("`", "").substring(2), cells[3].strip());
      }
    }
    return rows;
  }

  @Test
  void everyOptionIsInTheTable() throws IOException {
    Options options = new Options();
    LimitOptions.declare(options);
    assertThat(documented().keySet())
        .containsExactlyInAnyOrderElementsOf(
            options.getOptions().stream().map(Option::getLongOpt).toList());
  }

  @Test
  void theDefaultsAreThoseOfTheTable() throws IOException, Failure {
    DaemonOptions standard = RunOptions.parse(List.of(), Map.of()).daemon();
    for (Map.Entry<String, String> row : documented().entrySet()) {
      DaemonOptions given =
          RunOptions.parse(List.of("--" + row.getKey(), row.getValue()), Map.of()).daemon();
      assertThat(given).as(row.getKey()).isEqualTo(standard);
    }
  }
}
