package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tables of option patterns. */
class TokenTest {
  private final TextBench bench = new TextBench();
  private final long substrings = bench.trap.room(48);
  private final long table =
      bench.trap.longs(
          1, bench.text("uid=%u"),
          2, bench.text("size=%d,%s"),
          3, bench.text("ro"),
          4, bench.text("50%%"),
          5, bench.text("mode=%o"),
          6, bench.text("id=%2s-%x"),
          -1, 0);

  private long token(String text) {
    return bench.call("match_token", bench.text(text), table, substrings);
  }

  private String substring(int index) {
    long from = bench.trap.memory().readLong(substrings + 16L * index);
    long to = bench.trap.memory().readLong(substrings + 16L * index + 8);
    return bench.read(from).substring(0, (int) (to - from));
  }

  @Test
  void findsTheFirstPattern() {
    assertThat(token("uid=1000")).isEqualTo(1);
    assertThat(substring(0)).isEqualTo("1000");
    assertThat(token("size=-5,rest of it")).isEqualTo(2);
    assertThat(substring(0)).isEqualTo("-5");
    assertThat(substring(1)).isEqualTo("rest of it");
    assertThat(token("ro")).isEqualTo(3);
    assertThat(token("50%")).isEqualTo(4);
    assertThat(token("id=ab-ff")).isEqualTo(6);
    assertThat(substring(1)).isEqualTo("ff");
    for (String none : new String[] {"rox", "uid=x", "size=5,", "50", "mode=9", ""}) {
      assertThat(token(none)).as(none).isEqualTo(-1);
    }
  }

  @Test
  void readsSubstrings() {
    long result = bench.trap.longs(0);
    assertThat(bench.call("match_int", part("0x10", 4), result)).isZero();
    assertThat(bench.trap.memory().readInt(result)).isEqualTo(16);
    assertThat(bench.call("match_int", part("-123456", 3), result)).isZero();
    assertThat(bench.trap.memory().readInt(result)).isEqualTo(-12);
    assertThat(bench.call("match_octal", part("755", 3), result)).isZero();
    assertThat(bench.trap.memory().readInt(result)).isEqualTo(0755);
    assertThat(bench.call("match_hex", part("ff", 2), result)).isZero();
    assertThat(bench.trap.memory().readInt(result)).isEqualTo(255);
    assertThat(bench.call("match_int", part("x", 1), result)).isEqualTo(-22);
    assertThat(bench.call("match_int", part("4294967296", 10), result)).isEqualTo(-34);
    assertThat(bench.call("match_int", part("1".repeat(30), 30), result)).isEqualTo(-34);
    assertThat(bench.call("match_uint", part("4294967295", 10), result)).isZero();
    assertThat(bench.call("match_uint", part("4294967296", 10), result)).isEqualTo(-34);
    assertThat(bench.call("match_uint", part("12x", 3), result)).isEqualTo(-22);
    assertThat(bench.call("match_u64", part("0xffffffffffffffff", 18), result)).isZero();
    assertThat(bench.trap.memory().readLong(result)).isEqualTo(-1);
  }

  private long part(String text, int length) {
    long address = bench.text(text);
    return bench.trap.longs(address, address + length);
  }

  @Test
  void copiesSubstrings() {
    long buffer = bench.buffer(16, "");
    assertThat(bench.call("match_strlcpy", buffer, part("abcdef", 4), 3)).isEqualTo(4);
    assertThat(bench.read(buffer)).isEqualTo("ab");
    assertThat(bench.read(bench.call("match_strdup", part("abcdef", 4)))).isEqualTo("abcd");
  }

  @Test
  void matchesWildcards() {
    assertThat(wildcard("a*[c", "abb[c")).isTrue();
    assertThat(wildcard("a?c\\", "abc\\")).isTrue();
    assertThat(wildcard("a?c", "abd")).isFalse();
  }

  private boolean wildcard(String pattern, String text) {
    return bench.call("match_wildcard", bench.text(pattern), bench.text(text)) != 0;
  }
}
