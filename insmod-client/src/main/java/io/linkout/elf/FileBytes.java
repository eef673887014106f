package io.linkout.elf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file, little-endian, until closed.
 *
 * <p>Files up to {@link #READ_AT_MOST} bytes are read: that costs less than mapping them, and a
 * file that shrinks meanwhile is merely short. Larger ones are mapped, into an arena that {@link
 * #close} frees; should such a file shrink while it is in use, the JVM turns the SIGBUS into an
 * {@link InternalError}, which the linker reports as a malformed file.
 *
 * <p>A compressed file is expanded when it is opened ({@link Expansion}).
 *
 * <p>Access is through {@link ByteBuffer}, also to mapped memory: on JDK 25 the first use of {@code
 * MemorySegment.get} costs a process 20 ms even with an AOT cache, a buffer 1 ms (November 2026),
 * and a whole insmod is to take less than 100.
 *
 * <p>Confined to the thread that opened it.
 */
public final class FileBytes implements AutoCloseable {
  /** Largest file that is read rather than mapped, in bytes. */
  static final long READ_AT_MOST = 1 << 20;

  private final ByteBuffer buffer;
  private final @Nullable Arena arena;

  private FileBytes(ByteBuffer buffer, @Nullable Arena arena) {
    this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
    this.arena = arena;
  }

  /**
   * Returns the bytes of the file at {@code path}; what it holds, if it is compressed.
   *
   * @throws IOException if it can't be read, with the reason alone as message
   * @throws MalformedElfException if it is larger than a buffer can be, or what is compressed is
   *     corrupt or expands beyond all measure ({@link Expansion})
   */
  @SuppressWarnings("MustBeClosedChecker")
  public static FileBytes open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException("Is a directory");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw new MalformedElfException(path.toString(), "file too large: " + size + " bytes");
      }
      FileBytes raw = size > READ_AT_MOST ? map(channel, size) : read(channel, (int) size);
      Expansion.Format format = Expansion.of(raw.buffer);
      return format == null ? raw : expanded(path, format, raw);
    } catch (NoSuchFileException e) {
      throw new IOException("No such file or directory", e);
    } catch (java.nio.file.AccessDeniedException e) {
      throw new IOException("Permission denied", e);
    }
  }

  @SuppressWarnings("MustBeClosedChecker")
  private static FileBytes map(FileChannel channel, long size) throws IOException {
    Arena arena = Arena.ofConfined();
    return new FileBytes(
        channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asByteBuffer(), arena);
  }

  private static FileBytes read(FileChannel channel, int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
    return new FileBytes(buffer.flip(), null);
  }

  /** Returns what {@code raw}, which is closed, holds: off the heap too, and freed by close. */
  @SuppressWarnings("MustBeClosedChecker")
  private static FileBytes expanded(Path path, Expansion.Format format, FileBytes raw) {
    try (raw) {
      List<byte[]> pieces = Expansion.expand(path.toString(), format, raw.buffer);
      long size = 0;
      for (byte[] piece : pieces) {
        size += piece.length;
      }
      Arena arena = Arena.ofConfined();
      ByteBuffer whole = arena.allocate(Math.max(size, 1)).asByteBuffer().limit((int) size);
      for (byte[] piece : pieces) {
        whole.put(piece);
      }
      return new FileBytes(whole.flip(), arena);
    } catch (InternalError e) {
      throw ElfFile.changed(path.toString());
    }
  }

  /** Returns {@code bytes}, which must not change any more. */
  public static FileBytes of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
    buffer.put(0, bytes);
    return new FileBytes(buffer, null);
  }

  /** Returns all bytes; position 0, limit the size; not to be written to. */
  public ByteBuffer buffer() {
    return buffer;
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
    }
  }
}
