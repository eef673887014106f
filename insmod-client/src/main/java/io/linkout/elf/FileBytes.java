package io.linkout.elf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file, little-endian, until closed.
 *
 * <p>Files up to {@link #READ_AT_MOST} bytes are read: that costs less than mapping them, and
 * nothing that happens to the file afterwards matters. Larger ones are mapped, into an arena that
 * {@link #close} frees, since reading amdgpu's 19 MB costs more than linking it. Should such a file
 * shrink while it is in use, the JVM turns the SIGBUS into an {@link InternalError}; should it be
 * written to, what was checked need not hold any more. So whoever has finished with a mapped file
 * asks {@link #changed}, and takes what went wrong meanwhile for nothing else.
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
  private final @Nullable Mapped mapped;
  private final boolean packed;

  /** A mapped file as it was when it was opened. */
  private record Mapped(Path path, long size, FileTime modified) {}

  private FileBytes(ByteBuffer buffer, @Nullable Arena arena, @Nullable Mapped mapped) {
    this(buffer, arena, mapped, false);
  }

  private FileBytes(
      ByteBuffer buffer, @Nullable Arena arena, @Nullable Mapped mapped, boolean packed) {
    this.packed = packed;
    this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
    this.arena = arena;
    this.mapped = mapped;
  }

  /**
   * Returns the bytes of the file at {@code path}; what it holds, if it is compressed.
   *
   * @throws IOException if it can't be read, with the reason alone as message
   * @throws MalformedElfException if it is larger than a buffer can be, changed while it was being
   *     read, or what is compressed is corrupt or expands beyond all measure ({@link Expansion})
   */
  @SuppressWarnings("MustBeClosedChecker")
  public static FileBytes open(Path path) throws IOException {
    FileTime modified = requireRegular(path);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw new MalformedElfException(path.toString(), "file too large: " + size + " bytes");
      }
      FileBytes raw =
          size > READ_AT_MOST
              ? map(channel, new Mapped(path, size, modified))
              : read(channel, path, (int) size);
      Expansion.Format format = Expansion.of(raw.buffer);
      return format == null ? raw : expanded(path, format, raw);
    } catch (AccessDeniedException e) {
      throw new IOException("Permission denied", e);
    }
  }

  /** Opening a FIFO would wait for its writer, and a device has no end. */
  private static FileTime requireRegular(Path path) throws IOException {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      if (file.isRegularFile()) {
        return file.lastModifiedTime();
      }
      throw new IOException(file.isDirectory() ? "Is a directory" : "not a regular file");
    } catch (NoSuchFileException e) {
      throw new IOException("No such file or directory", e);
    } catch (AccessDeniedException e) {
      throw new IOException("Permission denied", e);
    }
  }

  @SuppressWarnings("MustBeClosedChecker")
  private static FileBytes map(FileChannel channel, Mapped mapped) throws IOException {
    Arena arena = Arena.ofConfined();
    return new FileBytes(
        channel.map(FileChannel.MapMode.READ_ONLY, 0, mapped.size, arena).asByteBuffer(),
        arena,
        mapped);
  }

  private static FileBytes read(FileChannel channel, Path path, int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
    if (buffer.hasRemaining() || channel.size() != size) {
      throw ElfFile.changed(path.toString());
    }
    return new FileBytes(buffer.flip(), null, null);
  }

  /** Returns what {@code raw}, which is closed, holds: off the heap too, and freed by close. */
  @SuppressWarnings("MustBeClosedChecker")
  private static FileBytes expanded(Path path, Expansion.Format format, FileBytes raw) {
    try (raw) {
      List<byte[]> pieces = Expansion.expand(path.toString(), format, raw.buffer);
      if (raw.changed()) {
        throw ElfFile.changed(path.toString());
      }
      long size = 0;
      for (byte[] piece : pieces) {
        size += piece.length;
      }
      Arena arena = Arena.ofConfined();
      ByteBuffer whole = arena.allocate(Math.max(size, 1)).asByteBuffer().limit((int) size);
      for (byte[] piece : pieces) {
        whole.put(piece);
      }
      return new FileBytes(whole.flip(), arena, null, true);
    } catch (InternalError e) {
      throw ElfFile.changed(path.toString());
    }
  }

  /** Returns true if these are a file's bytes in place, and it is not what it was when opened. */
  boolean changed() {
    if (mapped == null) {
      return false;
    }
    try {
      BasicFileAttributes file = Files.readAttributes(mapped.path, BasicFileAttributes.class);
      return file.size() != mapped.size || !file.lastModifiedTime().equals(mapped.modified);
    } catch (IOException gone) {
      // Removed or replaced by name: what is mapped stays what it was.
      return false;
    }
  }

  /** Returns true if the file was compressed: these are the bytes that it holds. */
  boolean packed() {
    return packed;
  }

  /** Returns {@code bytes}, which must not change any more. */
  public static FileBytes of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
    buffer.put(0, bytes);
    return new FileBytes(buffer, null, null);
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
