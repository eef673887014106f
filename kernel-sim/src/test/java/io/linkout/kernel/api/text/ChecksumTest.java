package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Checksums, arithmetic, hashes, identifiers and tables. */
class ChecksumTest {
  private final TextBench bench = new TextBench();

  /** What the checks of every CRC catalogue are over. */
  private final long check = bench.text("123456789");

  @Test
  void checksTheCatalogueText() {
    assertThat(~bench.call("crc32_le", 0xffffffffL, check, 9) & 0xffffffffL).isEqualTo(0xcbf43926L);
    assertThat(~bench.call("__crc32c_le", 0xffffffffL, check, 9) & 0xffffffffL)
        .isEqualTo(0xe3069283L);
    assertThat(bench.call("crc32_be", 0xffffffffL, check, 9)).isEqualTo(0x0376e6e7L);
    assertThat(bench.call("crc_ccitt", 0, check, 9)).isEqualTo(0x2189);
    assertThat(bench.call("crc_ccitt_false", 0xffff, check, 9)).isEqualTo(0x29b1);
  }

  @Test
  void agreesWithJava() {
    byte[] bytes = "the quick brown fox".repeat(50).getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc32 = new CRC32();
    crc32.update(bytes);
    CRC32C crc32c = new CRC32C();
    crc32c.update(bytes);
    long text = bench.trap.bytes(bytes);
    assertThat(~bench.call("crc32_le", -1, text, bytes.length) & 0xffffffffL)
        .isEqualTo(crc32.getValue());
    assertThat(~bench.call("__crc32c_le", -1, text, bytes.length) & 0xffffffffL)
        .isEqualTo(crc32c.getValue());
  }

  @Test
  void shiftingIsFeedingZeros() {
    long zeros = bench.trap.room(100);
    for (int size : new int[] {0, 1, 2, 7, 100}) {
      assertThat(bench.call("crc32_le_shift", 0x12345678, size))
          .isEqualTo(bench.call("crc32_le", 0x12345678, zeros, size));
      assertThat(bench.call("__crc32c_le_shift", 0x12345678, size))
          .isEqualTo(bench.call("__crc32c_le", 0x12345678, zeros, size));
    }
  }

  @Test
  void computes() {
    assertThat(bench.call("gcd", 12, 18)).isEqualTo(6);
    assertThat(bench.call("gcd", 0, 5)).isEqualTo(5);
    assertThat(bench.call("gcd", -1, 3)).isEqualTo(3);
    assertThat(bench.call("lcm", 4, 6)).isEqualTo(12);
    assertThat(bench.call("lcm", 0, 6)).isZero();
    assertThat(bench.call("lcm_not_zero", 0, 6)).isEqualTo(6);
    assertThat(bench.call("lcm_not_zero", 4, 0)).isEqualTo(4);
    assertThat(bench.call("int_pow", 10, 19))
        .isEqualTo(Long.parseUnsignedLong("10000000000000000000"));
    assertThat(bench.call("int_sqrt", 99)).isEqualTo(9);
    assertThat(bench.call("int_sqrt", 100)).isEqualTo(10);
    assertThat(bench.call("int_sqrt", -1)).isEqualTo(0xffffffffL);
    long rest = bench.trap.longs(0);
    assertThat(bench.call("iter_div_u64_rem", 17, 5, rest)).isEqualTo(3);
    assertThat(bench.trap.memory().readLong(rest)).isEqualTo(2);
  }

  @Test
  void dividesByReciprocals() {
    for (long divisor : new long[] {1, 2, 3, 7, 10, 641, 0x80000000L, 0xffffffffL}) {
      long packed = bench.call("reciprocal_value", divisor);
      long multiplier = packed & 0xffffffffL;
      int first = (int) (packed >>> 32) & 0xff;
      int second = (int) (packed >>> 40) & 0xff;
      for (long number : new long[] {0, 1, 2, 100, 0x7fffffffL, 0xfffffffeL, 0xffffffffL}) {
        long t = (number * multiplier) >>> 32;
        long quotient = (t + ((number - t) >>> first)) >>> second;
        assertThat(quotient).isEqualTo(number / divisor);
      }
    }
  }

  /** Vectors of the SipHash paper: key 00 01 … 0f, message 00 01 …. */
  @Test
  void hashesWithKeys() {
    long key = bench.trap.longs(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    byte[] message = new byte[15];
    for (int i = 0; i < 15; i++) {
      message[i] = (byte) i;
    }
    long data = bench.trap.bytes(message);
    assertThat(bench.call("__siphash_unaligned", data, 15, key)).isEqualTo(0xa129ca6149be45e5L);
    assertThat(bench.call("__siphash_unaligned", data, 0, key)).isEqualTo(0x726fdb47dd0e0e31L);
    assertThat(bench.call("siphash_1u64", 0x0706050403020100L, key)).isEqualTo(0x93f5f5799a932462L);
    assertThat(bench.call("siphash_1u32", 0x03020100, key))
        .isEqualTo(bench.call("__siphash_unaligned", data, 4, key));
    assertThat(bench.call("siphash_3u32", 0x03020100, 0x07060504, 0x0b0a0908, key))
        .isEqualTo(bench.call("__siphash_unaligned", data, 12, key));
  }

  /** Results of lib/test_siphash.c for messages of 0 to 4 bytes. */
  @Test
  void hashesWithKeysFaster() {
    long key = bench.trap.longs(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    long data = bench.trap.longs(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    long[] expected = {0x050fc4dcL, 0x7d57ca93L, 0x4dc7d44dL, 0xe7ddf7fbL, 0x88d38328L};
    for (int size = 0; size < expected.length; size++) {
      assertThat(bench.call("__hsiphash_unaligned", data, size, key)).isEqualTo(expected[size]);
    }
    assertThat(bench.call("hsiphash_1u32", 0x03020100, key)).isEqualTo(expected[4]);
    assertThat(bench.call("hsiphash_2u32", 0x03020100, 0x07060504, key))
        .isEqualTo(bench.call("__hsiphash_unaligned", data, 8, key));
    assertThat(bench.call("hsiphash_3u32", 0x03020100, 0x07060504, 0x0b0a0908, key))
        .isEqualTo(bench.call("__hsiphash_unaligned", data, 12, key));
    assertThat(bench.call("hsiphash_4u32", 0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c, key))
        .isEqualTo(bench.call("__hsiphash_unaligned", data, 16, key));
  }

  @Test
  void hashesNames() {
    long name = bench.text("a longer name");
    long hash = bench.call("full_name_hash", 5, name, 13);
    assertThat(bench.call("hashlen_string", 5, name)).isEqualTo((13L << 32) | hash);
    assertThat(bench.call("full_name_hash", 6, name, 13)).isNotEqualTo(hash);
    assertThat(bench.call("full_name_hash", 0, name, 0)).isZero();
  }

  @Test
  void readsAndMakesIdentifiers() {
    long bytes = bench.trap.room(16);
    String text = "00112233-4455-6677-8899-aAbBcCdDeEfF";
    assertThat(bench.call("uuid_parse", bench.text(text), bytes)).isZero();
    assertThat(bench.trap.memory().read(bytes, 4)).containsExactly(0, 0x11, 0x22, 0x33);
    assertThat(bench.call("guid_parse", bench.text(text), bytes)).isZero();
    assertThat(bench.trap.memory().read(bytes, 4)).containsExactly(0x33, 0x22, 0x11, 0);
    assertThat(bench.call("uuid_is_valid", bench.text(text))).isEqualTo(1);
    assertThat(bench.call("uuid_is_valid", bench.text(text.replace('-', ':')))).isZero();
    assertThat(bench.call("uuid_parse", bench.text("0011"), bytes)).isEqualTo(-22);
    bench.call("uuid_gen", bytes);
    assertThat(bench.trap.memory().readByte(bytes + 6)).isEqualTo(0x4f);
    assertThat(bench.trap.memory().readByte(bytes + 8)).isEqualTo(0xbf);
    bench.call("guid_gen", bytes);
    assertThat(bench.trap.memory().readByte(bytes + 7)).isEqualTo(0x4f);
  }

  @Test
  void suppliesTables() {
    byte[] ctype = table("_ctype");
    assertThat(ctype).hasSize(256);
    // _U 1, _L 2, _D 4, _C 8, _P 16, _S 32, _X 64, _SP 128 of include/linux/ctype.h.
    assertThat(ctype[0]).isEqualTo((byte) 8);
    assertThat(ctype['\n']).isEqualTo((byte) 0x28);
    assertThat(ctype[' ']).isEqualTo((byte) 0xa0);
    assertThat(ctype['0']).isEqualTo((byte) 4);
    assertThat(ctype['A']).isEqualTo((byte) 0x41);
    assertThat(ctype['g']).isEqualTo((byte) 2);
    assertThat(ctype['_']).isEqualTo((byte) 16);
    assertThat(ctype[0x7f]).isEqualTo((byte) 8);
    assertThat(ctype[0x80]).isZero();
    assertThat(ctype[0xa0]).isEqualTo((byte) 0xa0);
    assertThat(ctype[0xd7]).isEqualTo((byte) 16);
    assertThat(ctype[0xff]).isEqualTo((byte) 2);
    byte[] reversed = table("byte_rev_table");
    assertThat(reversed[1]).isEqualTo((byte) 0x80);
    assertThat(reversed[0x0f]).isEqualTo((byte) 0xf0);
    byte[] ccitt = table("crc_ccitt_table");
    assertThat(ccitt).hasSize(512);
    assertThat(new byte[] {ccitt[2], ccitt[3]}).containsExactly(0x89, 0x11);
    byte[] ccittFalse = table("crc_ccitt_false_table");
    assertThat(new byte[] {ccittFalse[2], ccittFalse[3]}).containsExactly(0x21, 0x10);
  }

  private static byte[] table(String name) {
    return java.util.Objects.requireNonNull(ConstantTables.all().get(name), name);
  }
}
