package io.linkout.kernel.api.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.FakeTable;
import io.linkout.kernel.api.FakeTrap;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Published vectors of each primitive. */
class CryptoFunctionsTest {
  private static final String SPAM = "Nobody inspects the spammish repetition";

  private final FakeTrap trap = new FakeTrap();
  private final FakeTable table = new FakeTable();

  CryptoFunctionsTest() {
    CryptoFunctions.declare(table);
  }

  private long call(String name, long... arguments) {
    return trap.call(table.function(name), arguments);
  }

  private String hex(long address, int size) {
    return HexFormat.of().formatHex(trap.memory().read(address, size));
  }

  private long text(String text) {
    return trap.bytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** "expand 32-byte k", a key of 00 01 … 1f, and {@code last}: counter and nonce. */
  private long chachaState(String last) {
    StringBuilder key = new StringBuilder("657870616e642033322d62797465206b");
    for (int i = 0; i < 32; i++) {
      key.append(HexFormat.of().toHexDigits((byte) i));
    }
    return trap.bytes(HexFormat.of().parseHex(key + last));
  }

  @Test
  void makesChachaBlocks() {
    long state = chachaState("01000000000000090000004a00000000");
    long stream = trap.room(64);
    call("chacha_block_generic", state, stream, 20);
    // RFC 8439 2.3.2.
    assertThat(hex(stream, 64))
        .isEqualTo(
            "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
                + "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
    assertThat(trap.memory().readInt(state + 48)).isEqualTo(2);
  }

  @Test
  void makesChachaSubkeys() {
    long state = chachaState("000000090000004a0000000031415927");
    long subkey = trap.room(32);
    call("hchacha_block_generic", state, subkey, 20);
    // draft-irtf-cfrg-xchacha 2.2.1.
    assertThat(hex(subkey, 32))
        .isEqualTo("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc");
  }

  @Test
  void combinesAndComparesBytes() {
    long a = trap.bytes((byte) 1, (byte) 2, (byte) 3);
    long b = trap.bytes((byte) 1, (byte) 3, (byte) 3);
    assertThat(call("__crypto_memneq", a, b, 3)).isNotZero();
    assertThat(call("__crypto_memneq", a, b, 1)).isZero();
    call("__crypto_xor", a, a, b, 3);
    assertThat(trap.memory().read(a, 3)).containsExactly(0, 1, 0);
  }

  @Test
  void digests() {
    long digest = trap.room(32);
    call("sha256", text("abc"), 3, digest);
    assertThat(hex(digest, 32))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void hashesWhole() {
    assertThat(call("xxh64", text(""), 0, 0)).isEqualTo(0xef46db3751d8e999L);
    assertThat(call("xxh64", text("abc"), 3, 0)).isEqualTo(0x44bc2cf5ad770999L);
    assertThat(call("xxh64", text(SPAM), SPAM.length(), 0)).isEqualTo(0xfbcea83c8a378bf1L);
    assertThat(call("xxh32", text(""), 0, 0)).isEqualTo(0x02cc5d05L);
    assertThat(call("xxh32", text("abc"), 3, 0)).isEqualTo(0x32d153ffL);
    assertThat(call("xxh32", text(SPAM), SPAM.length(), 0)).isEqualTo(0xe2293b2fL);
  }

  @Test
  void hashesInParts() {
    SplittableRandom random = new SplittableRandom(9);
    byte[] bytes = new byte[200];
    random.nextBytes(bytes);
    long input = trap.bytes(bytes);
    for (int size = 0; size <= bytes.length; size++) {
      for (int bits : new int[] {32, 64}) {
        long mark = trap.mark();
        String name = "xxh" + bits;
        long state = trap.room(80);
        call(name + "_reset", state, 77);
        for (int at = 0; at < size; ) {
          int part = random.nextInt(1, size - at + 1);
          assertThat(call(name + "_update", state, input + at, part)).isZero();
          at += part;
        }
        long copied = trap.room(80);
        call(name + "_copy_state", copied, state);
        assertThat(call(name + "_digest", copied)).isEqualTo(call(name, input, size, 77));
        trap.rewind(mark);
      }
    }
    assertThat(call("xxh64_update", trap.room(80), 0, 1)).isEqualTo(-22);
  }
}
