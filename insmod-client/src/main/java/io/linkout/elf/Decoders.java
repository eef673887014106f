package io.linkout.elf;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/**
 * The libraries behind {@link Expansion}, each in a class of its own so that only the one that is
 * needed is loaded.
 *
 * <p>zstd is zstd-jni rather than aircompressor, which is Java alone: on JDK 25 aircompressor's use
 * of {@code sun.misc.Unsafe} makes the JVM warn on stderr, and its later versions begin with {@code
 * MemorySegment}, whose first use costs 20 ms ({@link FileBytes}). The launcher has the library
 * unpacked.
 */
final class Decoders {
  /**
   * Most memory that xz data may ask for beside what they expand to, in KiB: {@code xz -9} needs 65
   * MiB.
   */
  private static final int XZ_MEMORY = 80 << 10;

  /**
   * Logarithm of the largest zstd window in bytes: what {@code zstd --ultra -22} uses. Only pages
   * that are written to become memory.
   */
  private static final int ZSTD_WINDOW = 27;

  private Decoders() {}

  /** The JDK's. */
  static final class Gzip {
    private Gzip() {}

    static InputStream open(InputStream in) throws IOException {
      return new GZIPInputStream(in, 1 << 16);
    }
  }

  /** XZ for Java. */
  static final class Xz {
    private Xz() {}

    static InputStream open(InputStream in) throws IOException {
      try {
        return new XZInputStream(in, XZ_MEMORY);
      } catch (MemoryLimitException e) {
        throw new IOException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  /** zstd-jni. */
  static final class Zstd {
    private Zstd() {}

    static InputStream open(InputStream in) throws IOException {
      ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(in);
      stream.setLongMax(ZSTD_WINDOW);
      return stream;
    }
  }
}
