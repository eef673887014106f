package io.linkout.depmod;

import io.linkout.elf.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of one file after another, in an array that is used again: a small file is read at once,
 * of a large one only what is asked for. Mapping 4,000 files costs more than reading a tenth of
 * each (November 2026). A compressed file is expanded whole. Confined to one thread; never larger
 * than the largest file's ranges.
 */
final class PartialFile implements AutoCloseable {
  /** Largest file that is read at once, in bytes. */
  private static final int WHOLE = 1 << 16;

  private byte[] bytes = new byte[WHOLE * 4];
  private ByteBuffer window = ByteBuffer.allocateDirect(WHOLE * 4);
  private @Nullable FileChannel channel;
  private long size;
  private int used;
  private boolean whole;

  /**
   * Begins with the file at {@code path}; the one before it is closed.
   *
   * @throws IOException if it can't be read
   * @throws io.linkout.elf.MalformedElfException if it is compressed and corrupt
   */
  void open(Path path) throws IOException {
    close();
    FileChannel opened = FileChannel.open(path, StandardOpenOption.READ);
    channel = opened;
    size = opened.size();
    used = 0;
    whole = size <= WHOLE;
    load(0, (int) Math.min(size, whole ? WHOLE : 64));
    if (size >= 6 && compressed()) {
      close();
      expand(path);
    }
  }

  /** The first bytes of gzip, xz and zstd data; {@link FileBytes} looks closer. */
  private boolean compressed() {
    int first = bytes[0] & 0xff;
    return first == 0x1f || first == 0xfd || first == 0x28;
  }

  private void expand(Path path) throws IOException {
    try (FileBytes expanded = FileBytes.open(path)) {
      ByteBuffer buffer = expanded.buffer();
      size = buffer.limit();
      reserve((int) size);
      buffer.get(0, bytes, 0, (int) size);
      used = (int) size;
      whole = true;
    }
  }

  /** Returns the file's size in bytes, expanded. */
  long size() {
    return size;
  }

  /** Returns the array that {@link #at} returns places in; another one after the next call. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Returns where in {@link #bytes} the {@code length} bytes at {@code offset} of the file are.
   *
   * @throws IOException if the file has become shorter
   */
  int at(long offset, int length) throws IOException {
    return whole ? (int) offset : load(offset, length);
  }

  private int load(long offset, int length) throws IOException {
    FileChannel from = channel;
    if (from == null) {
      throw new IOException("file is closed");
    }
    int start = used;
    reserve(start + length);
    if (window.capacity() < length) {
      window = ByteBuffer.allocateDirect(Math.max(length, window.capacity() * 2));
    }
    window.clear().limit(length);
    while (window.hasRemaining()) {
      if (from.read(window, offset + window.position()) < 0) {
        throw new IOException("the file changed while it was being read");
      }
    }
    window.flip().get(bytes, start, length);
    used = start + length;
    return start;
  }

  private void reserve(int length) {
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
