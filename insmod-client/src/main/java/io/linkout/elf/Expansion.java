package io.linkout.elf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a compressed file ({@code .ko.gz}, {@code .ko.xz}, {@code .ko.zst}) holds. The format is
 * told by the first bytes, not by the name, as kmod does. No decoder's class is loaded for a file
 * that is not compressed.
 *
 * <p>What a file may expand to is bounded by its own size, so that a small file cannot ask for all
 * memory: {@link #RATIO} times that and {@link #ALLOWANCE} more. Modules shrink to a third or a
 * fifth, with debugging information to a tenth.
 */
final class Expansion {
  /** Bytes of expanded data that are allowed for each compressed byte. */
  static final int RATIO = 64;

  /** Bytes of expanded data that are allowed for any file. */
  static final int ALLOWANCE = 16 << 20;

  private static final int FIRST_CHUNK = 1 << 16;
  private static final int LARGEST_CHUNK = 1 << 22;

  /** A compressed format. */
  enum Format {
    GZIP("gzip"),
    XZ("xz"),
    ZSTD("zstd");

    /** As messages have it. */
    final String text;

    Format(String text) {
      this.text = text;
    }
  }

  private Expansion() {}

  /** Returns the format of {@code bytes}, little-endian, or null if they are not compressed. */
  static @Nullable Format of(ByteBuffer bytes) {
    if (bytes.limit() < 6) {
      return null;
    }
    int magic = bytes.getInt(0);
    if (magic == 0x587a37fd && bytes.getShort(4) == 0x005a) {
      return Format.XZ;
    }
    if (magic == 0xfd2fb528) {
      return Format.ZSTD;
    }
    return (magic & 0xffffff) == 0x088b1f ? Format.GZIP : null;
  }

  /**
   * Returns what {@code bytes} hold, in pieces.
   *
   * @throws MalformedElfException if they are torn, or expand beyond the bound
   */
  static List<byte[]> expand(String path, Format format, ByteBuffer bytes) {
    long limit =
        Math.min((long) bytes.limit() * RATIO + ALLOWANCE, Integer.MAX_VALUE - LARGEST_CHUNK);
    try (InputStream in = decoder(format, new BufferStream(bytes))) {
      List<byte[]> pieces = new ArrayList<>();
      long total = 0;
      int size = FIRST_CHUNK;
      while (true) {
        byte[] piece = in.readNBytes(size);
        total += piece.length;
        if (total > limit) {
          throw new MalformedElfException(
              path,
              format.text
                  + " data: "
                  + bytes.limit()
                  + " bytes expand to more than "
                  + limit
                  + ", which is all that is allowed for a file of that size");
        }
        pieces.add(piece);
        if (piece.length < size) {
          return pieces;
        }
        size = Math.min(size * 2, LARGEST_CHUNK);
      }
    } catch (IOException e) {
      throw new MalformedElfException(path, "corrupt " + format.text + " data" + reason(e));
    }
  }

  /** Some decoders give no reason; none gives more than a line, but that is not promised. */
  private static String reason(IOException e) {
    String text = e.getMessage();
    return text == null || text.isEmpty() ? "" : ": " + text.replace('\n', ' ');
  }

  private static InputStream decoder(Format format, InputStream in) throws IOException {
    return switch (format) {
      case GZIP -> Decoders.Gzip.open(in);
      case XZ -> Decoders.Xz.open(in);
      case ZSTD -> Decoders.Zstd.open(in);
    };
  }

  /** Reads a buffer from its first byte to its limit. */
  private static final class BufferStream extends InputStream {
    private final ByteBuffer bytes;
    private int at;

    BufferStream(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return at < bytes.limit() ? bytes.get(at++) & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      int count = Math.min(length, bytes.limit() - at);
      if (count <= 0) {
        return length == 0 ? 0 : -1;
      }
      bytes.get(at, to, offset, count);
      at += count;
      return count;
    }

    @Override
    public int available() {
      return bytes.limit() - at;
    }
  }
}
