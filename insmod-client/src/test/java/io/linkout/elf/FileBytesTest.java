package io.linkout.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are read or mapped, and what goes wrong is said in the system's words. */
final class FileBytesTest {
  @TempDir Path directory;

  @Test
  void aSmallFileIsReadWhole() throws IOException {
    Path file = Files.write(directory.resolve("small"), new byte[] {1, 2, 3, 4});
    try (FileBytes bytes = FileBytes.open(file)) {
      assertThat(bytes.buffer().limit()).isEqualTo(4);
      assertThat(bytes.buffer().getInt(0)).isEqualTo(0x04030201);
    }
  }

  @Test
  void aLargeFileIsMapped() throws IOException {
    byte[] content = new byte[(int) FileBytes.READ_AT_MOST + 1];
    content[content.length - 1] = 42;
    Path file = Files.write(directory.resolve("large"), content);
    try (FileBytes bytes = FileBytes.open(file)) {
      assertThat(bytes.buffer().limit()).isEqualTo(content.length);
      assertThat(bytes.buffer().get(content.length - 1)).isEqualTo((byte) 42);
    }
  }

  @Test
  void aMappedFileThatShrinksIsAnErrorAndNoCrash() throws IOException {
    Path file =
        Files.write(directory.resolve("shrinks"), new byte[(int) FileBytes.READ_AT_MOST * 4]);
    try (FileBytes bytes = FileBytes.open(file)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      }
      int end = bytes.buffer().limit() - 8;
      assertThatThrownBy(() -> readAll(bytes, end)).isInstanceOf(InternalError.class);
    }
  }

  private static long readAll(FileBytes bytes, int end) {
    long sum = 0;
    for (int at = 0; at < end; at += 8) {
      sum += bytes.buffer().getLong(at);
    }
    return sum;
  }

  @Test
  void aFileThatIsNotThere() {
    assertThatThrownBy(() -> FileBytes.open(directory.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessage("No such file or directory");
  }

  @Test
  void aDirectory() {
    assertThatThrownBy(() -> FileBytes.open(directory))
        .isInstanceOf(IOException.class)
        .hasMessage("Is a directory");
  }
}
