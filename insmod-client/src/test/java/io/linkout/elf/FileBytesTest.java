package io.linkout.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
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

  @Test
  void aDeviceHasNoEnd() {
    assertThatThrownBy(() -> FileBytes.open(Path.of("/dev/zero")))
        .isInstanceOf(IOException.class)
        .hasMessage("not a regular file");
  }

  /** Opening it would wait for somebody to write: nobody does. */
  @Test
  void aFifo() throws IOException, InterruptedException {
    Path fifo = directory.resolve("fifo");
    assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0);
    assertThatThrownBy(() -> FileBytes.open(fifo))
        .isInstanceOf(IOException.class)
        .hasMessage("not a regular file");
  }

  @Test
  void aMappedFileThatIsWrittenToHasChanged() throws IOException {
    Path file =
        Files.write(directory.resolve("written"), new byte[(int) FileBytes.READ_AT_MOST * 2]);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    try (FileBytes bytes = FileBytes.open(file)) {
      assertThat(bytes.changed()).isFalse();
      Files.write(file, new byte[] {1}, StandardOpenOption.WRITE);
      assertThat(bytes.changed()).isTrue();
    }
  }

  @Test
  void aSmallFileMayChangeOnceItIsRead() throws IOException {
    Path file = Files.write(directory.resolve("small"), new byte[] {1, 2, 3, 4});
    try (FileBytes bytes = FileBytes.open(file)) {
      Files.write(file, new byte[0]);
      assertThat(bytes.changed()).isFalse();
      assertThat(bytes.buffer().get(3)).isEqualTo((byte) 4);
    }
  }
}
