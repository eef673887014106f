package io.linkout.kernel.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir private Path directory;

  @Test
  void theJournalIsWhatItsVariableNames() throws IOException {
    Path stream = Files.createFile(directory.resolve("stream"));
    String name =
        Files.getAttribute(stream, "unix:dev") + ":" + Files.getAttribute(stream, "unix:ino");
    assertThat(Journal.reads(Map.of("JOURNAL_STREAM", name), stream)).isTrue();
    assertThat(Journal.reads(Map.of("JOURNAL_STREAM", "1:2"), stream)).isFalse();
    assertThat(Journal.reads(Map.of(), stream)).isFalse();
    assertThat(Journal.prefix(3, Map.of("JOURNAL_STREAM", name), stream)).isEqualTo("<3>");
    assertThat(Journal.prefix(3, Map.of(), stream)).isEmpty();
  }
}
