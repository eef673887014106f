package io.linkout.depmod;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/** The bytes of one list after another, each written beside its place and then moved there. */
final class ListFile {
  private final Path directory;
  private byte[] bytes = new byte[1 << 20];
  private int used;

  ListFile(Path directory) {
    this.directory = directory;
  }

  /** Adds {@code text}, UTF-8. */
  ListFile text(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
        return bytes(rest, 0, rest.length);
      }
      bytes[used++] = (byte) c;
    }
    return this;
  }

  /** Adds {@code text}, one byte a char. */
  ListFile latin1(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      bytes[used++] = (byte) text.charAt(i);
    }
    return this;
  }

  /** Adds {@code length} bytes. */
  ListFile bytes(byte[] from, int start, int length) {
    reserve(length);
    System.arraycopy(from, start, bytes, used, length);
    used += length;
    return this;
  }

  private void reserve(int more) {
    if (used + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + more));
    }
  }

  /** Returns what was added. */
  byte[] bytes() {
    return Arrays.copyOf(bytes, used);
  }

  /** Writes what was added to the file called {@code name}; the next list begins empty. */
  void save(String name) throws IOException {
    Path file = directory.resolve(name);
    Path temporary = directory.resolve(name + "." + Long.toHexString(System.nanoTime()) + ".tmp");
    try {
      try (FileChannel out =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")))) {
        ByteBuffer all = ByteBuffer.wrap(bytes, 0, used);
        while (all.hasRemaining()) {
          out.write(all);
        }
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    used = 0;
  }
}
