package io.linkout.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** Compressed modules are read as what they hold, whatever they are called. */
final class CompressedFileTest {
  @TempDir Path directory;

  /** Bytes that shrink to about half. */
  private static byte[] content(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(7);
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) random.nextInt(16);
    }
    return bytes;
  }

  static byte[] compress(Expansion.Format format, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream to =
        switch (format) {
          case GZIP -> new GZIPOutputStream(out);
          case XZ -> new XZOutputStream(out, new LZMA2Options(1), XZ.CHECK_CRC32);
          case ZSTD -> new ZstdOutputStream(out).setChecksum(true);
        }) {
      to.write(content);
    }
    return out.toByteArray();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("module.ko"), bytes);
  }

  @ParameterizedTest
  @EnumSource
  void readAsWhatItHolds(Expansion.Format format) throws IOException {
    for (int size : new int[] {0, 1, 1 << 16, 200_001, 5 << 20}) {
      byte[] content = content(size);
      try (FileBytes bytes = FileBytes.open(file(compress(format, content)))) {
        assertThat(bytes.buffer().position()).isZero();
        assertThat(bytes.buffer().limit()).isEqualTo(size);
        assertThat(bytes.buffer().isDirect()).isTrue();
        assertThat(bytes.buffer().mismatch(ByteBuffer.wrap(content))).isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTornFileIsOneLine(Expansion.Format format) throws IOException {
    byte[] whole = compress(format, content(100_000));
    for (int length = 6; length < whole.length; length += 997) {
      assertCorrupt(format, Arrays.copyOf(whole, length));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlippedBitIsNoticed(Expansion.Format format) throws IOException {
    byte[] whole = compress(format, content(100_000));
    Random random = new Random(11);
    for (int round = 0; round < 40; round++) {
      byte[] flipped = whole.clone();
      // gzip's header has a time and a system that nothing checks
      int at = 16 + random.nextInt(whole.length - 16);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      assertCorrupt(format, flipped);
    }
  }

  private void assertCorrupt(Expansion.Format format, byte[] bytes) throws IOException {
    Path file = file(bytes);
    assertThatThrownBy(() -> FileBytes.open(file).close())
        .isInstanceOf(MalformedElfException.class)
        .hasMessageMatching("(corrupt )?" + format.text + " data.*");
  }

  @ParameterizedTest
  @EnumSource
  void aSmallFileCannotAskForAllMemory(Expansion.Format format) throws IOException {
    byte[] bomb = bomb(format, 64 << 20);
    Path file = file(bomb);
    assertThatThrownBy(() -> FileBytes.open(file).close())
        .isInstanceOf(MalformedElfException.class)
        .hasMessage(
            format.text
                + " data: "
                + bomb.length
                + " bytes expand to more than "
                + (64L * bomb.length + (16 << 20))
                + ", which is all that is allowed for a file of that size");
  }

  /** Zeros; gzip alone cannot shrink them to less than a thousandth. */
  private static byte[] bomb(Expansion.Format format, int size) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream to =
        switch (format) {
          case GZIP -> new GZIPOutputStream(out);
          case XZ -> new XZOutputStream(out, new LZMA2Options(0), XZ.CHECK_NONE);
          case ZSTD -> new ZstdOutputStream(out);
        }) {
      byte[] zeros = new byte[1 << 20];
      for (int done = 0; done < size; done += zeros.length) {
        to.write(zeros);
      }
    }
    return out.toByteArray();
  }

  @Test
  void anXzDictionaryOfAGigabyteIsRefused() throws IOException {
    byte[] whole = compress(Expansion.Format.XZ, content(1000));
    // block header: size, flags, filter id, size of properties, dictionary size; its CRC behind
    int dictionary = 12 + 4;
    assertThat(whole[dictionary - 2]).isEqualTo((byte) 0x21);
    whole[dictionary] = 36;
    CRC32 crc = new CRC32();
    int header = (whole[12] + 1) * 4;
    crc.update(whole, 12, header - 4);
    ByteBuffer.wrap(whole)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(12 + header - 4, (int) crc.getValue());
    Path file = file(whole);
    assertThatThrownBy(() -> FileBytes.open(file).close())
        .isInstanceOf(MalformedElfException.class)
        .hasMessageContaining("corrupt xz data: ")
        .hasMessageContaining("memory");
  }

  @Test
  void framesOneAfterAnotherAreOneFile() throws IOException {
    byte[] one = Zstd.compress(new byte[] {1, 2, 3});
    byte[] two = Arrays.copyOf(one, one.length * 2);
    System.arraycopy(one, 0, two, one.length, one.length);
    try (FileBytes bytes = FileBytes.open(file(two))) {
      assertThat(bytes.buffer().limit()).isEqualTo(6);
    }
  }
}
