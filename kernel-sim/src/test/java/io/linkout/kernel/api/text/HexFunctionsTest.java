package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Hexadecimal text, escapes, sizes for people and patterns. */
class HexFunctionsTest {
  private final TextBench bench = new TextBench();

  private String dump(String text, int row, int group, int room, boolean ascii, long expected) {
    long line = bench.buffer(160, "");
    long result =
        bench.call(
            "hex_dump_to_buffer",
            bench.text(text),
            text.length(),
            row,
            group,
            line,
            room,
            ascii ? 1 : 0);
    assertThat(result).isEqualTo(expected);
    return bench.read(line);
  }

  @Test
  void dumpsLines() {
    assertThat(dump("abc\n", 16, 1, 100, false, 11)).isEqualTo("61 62 63 0a");
    assertThat(dump("abc\n", 16, 1, 100, true, 53))
        .isEqualTo("61 62 63 0a" + " ".repeat(38) + "abc.");
    assertThat(dump("abcdefgh", 16, 2, 100, false, 19)).isEqualTo("6261 6463 6665 6867");
    assertThat(dump("abcdefgh", 16, 8, 100, true, 43))
        .isEqualTo("6867666564636261" + " ".repeat(19) + "abcdefgh");
    assertThat(dump("abcde", 16, 4, 100, false, 14))
        .as("no mixed sizes")
        .isEqualTo("61 62 63 64 65");
    assertThat(dump("x".repeat(40), 32, 4, 200, false, 71)).hasSize(71);
    assertThat(dump("", 16, 1, 100, true, 0)).isEmpty();
  }

  @Test
  void cutsDumpsAndTellsTheWholeLength() {
    assertThat(dump("abcd", 16, 1, 6, false, 11)).isEqualTo("61 62");
    assertThat(dump("abcdefgh", 16, 4, 10, false, 17)).isEqualTo("64636261 ");
    assertThat(dump("abcd", 16, 1, 51, true, 53)).endsWith("    a");
  }

  @Test
  void convertsBytes() {
    assertThat(bench.call("hex_to_bin", 'f')).isEqualTo(15);
    assertThat(bench.call("hex_to_bin", 'A')).isEqualTo(10);
    assertThat(bench.call("hex_to_bin", 'g')).isEqualTo(-1);
    long bytes = bench.trap.room(16);
    assertThat(bench.call("hex2bin", bytes, bench.text("01fF"), 2)).isZero();
    assertThat(bench.trap.memory().read(bytes, 2)).containsExactly(1, 0xff);
    assertThat(bench.call("hex2bin", bytes, bench.text("0x"), 1)).isEqualTo(-22);
    long text = bench.buffer(8, "");
    assertThat(bench.call("bin2hex", text, bytes, 2)).isEqualTo(text + 4);
    assertThat(bench.trap.memory().read(text, 5)).containsExactly('0', '1', 'f', 'f', '#');
  }

  @Test
  void escapesAndBack() {
    long to = bench.buffer(64, "");
    long text = bench.text("a\tb\"\u0001");
    assertThat(bench.call("string_escape_mem", text, 5, to, 64, 0xf, 0)).isEqualTo(16);
    assertThat(bench.trap.memory().read(to, 17)).asString().isEqualTo("\\141\\t\\142\\\"\\001#");
    assertThat(bench.call("string_escape_mem", text, 5, to, 64, 1 << 5 | 1 << 4, 0)).isEqualTo(11);
    long only = bench.text("b");
    assertThat(bench.call("string_escape_mem", text, 5, to, 64, 1 << 5, only)).isEqualTo(8);
    assertThat(bench.call("string_escape_mem", text, 5, to, 2, 1 << 5, 0)).isEqualTo(20);
    long back = bench.buffer(64, "");
    assertThat(bench.call("string_unescape", bench.text("\\141\\t\\x42\\\"\\q"), back, 0, 0xf))
        .isEqualTo(6);
    assertThat(bench.read(back)).isEqualTo("a\tB\"\\q");
    assertThat(bench.call("string_unescape", bench.text("abcdef"), back, 4, 0xf)).isEqualTo(3);
    assertThat(bench.call("string_unescape", bench.text("\\4011"), back, 0, 0xf)).isEqualTo(3);
    assertThat(bench.read(back)).isEqualTo(" 11");
  }

  @Test
  void tellsSizesToPeople() {
    assertThat(size(0, 512, 1)).isEqualTo("0 B");
    assertThat(size(1, 512, 1)).isEqualTo("512 B");
    assertThat(size(16384, 512, 0)).isEqualTo("8.39 MB");
    assertThat(size(16384, 512, 1)).isEqualTo("8.00 MiB");
    assertThat(size(500118192, 512, 0)).isEqualTo("256 GB");
    assertThat(size(500118192, 512, 1)).isEqualTo("238 GiB");
    assertThat(size(8192, 4096, 0)).isEqualTo("33.6 MB");
    assertThat(size(8192, 4096, 1)).isEqualTo("32.0 MiB");
    assertThat(size(-1, -1, 0)).endsWith("UNK");
  }

  private String size(long blocks, long block, int units) {
    long buffer = bench.trap.room(32);
    bench.call("string_get_size", blocks, block, units, buffer, 32);
    return bench.read(buffer);
  }

  @Test
  void matchesPatterns() {
    assertThat(glob("*", "")).isTrue();
    assertThat(glob("a*c", "abbc")).isTrue();
    assertThat(glob("a*c", "abbd")).isFalse();
    assertThat(glob("a?c", "abc")).isTrue();
    assertThat(glob("a?c", "ac")).isFalse();
    assertThat(glob("[a-c]x", "bx")).isTrue();
    assertThat(glob("[!a-c]x", "bx")).isFalse();
    assertThat(glob("[]a]", "]")).isTrue();
    assertThat(glob("[a", "[a")).isTrue();
    assertThat(glob("\\*", "*")).isTrue();
    assertThat(glob("\\*", "x")).isFalse();
    assertThat(glob("*ab", "aaab")).isTrue();
    assertThat(glob("*a*b*", "xxaxxb")).isTrue();
    assertThat(glob("", "x")).isFalse();
  }

  private boolean glob(String pattern, String text) {
    return bench.call("glob_match", bench.text(pattern), bench.text(text)) != 0;
  }

  @Test
  void readsMacAddresses() {
    long mac = bench.trap.room(16);
    assertThat(bench.call("mac_pton", bench.text("00:1a:2B:3c:4d:ff"), mac)).isEqualTo(1);
    assertThat(bench.trap.memory().read(mac, 6)).containsExactly(0, 0x1a, 0x2b, 0x3c, 0x4d, 0xff);
    assertThat(bench.call("mac_pton", bench.text("00:1a:2B:3c:4d"), mac)).isZero();
    assertThat(bench.call("mac_pton", bench.text("00-1a-2B-3c-4d-ff"), mac)).isZero();
  }
}
