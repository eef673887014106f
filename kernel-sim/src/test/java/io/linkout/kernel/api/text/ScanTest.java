package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.GuestMemory;
import org.junit.jupiter.api.Test;

/** sscanf. */
class ScanTest {
  private final TextBench bench = new TextBench();
  private final GuestMemory memory = bench.trap.memory();
  private final long a = bench.trap.room(64);
  private final long b = bench.trap.room(64);
  private final long c = bench.trap.room(64);

  private long scan(String input, String format, long... results) {
    long[] arguments = new long[results.length + 2];
    arguments[0] = bench.text(input);
    arguments[1] = bench.text(format);
    System.arraycopy(results, 0, arguments, 2, results.length);
    return bench.call("sscanf", arguments);
  }

  @Test
  void readsNumbers() {
    assertThat(scan("12 -34 0x5f", "%d %d %x", a, b, c)).isEqualTo(3);
    assertThat(memory.readInt(a)).isEqualTo(12);
    assertThat(memory.readInt(b)).isEqualTo(-34);
    assertThat(memory.readInt(c)).isEqualTo(0x5f);
    assertThat(scan("017 0x1f 9", "%i %i %o", a, b, c)).isEqualTo(2);
    assertThat(memory.readInt(a)).isEqualTo(15);
    assertThat(memory.readInt(b)).isEqualTo(31);
    assertThat(scan("-5", "%u", a)).isZero();
    assertThat(scan("", "%d", a)).isZero();
    assertThat(scan("x", "%d", a)).isZero();
  }

  @Test
  void storesEachWidth() {
    memory.writeLong(a, -1);
    assertThat(scan("0", "%hhu", a)).isEqualTo(1);
    assertThat(memory.readLong(a)).isEqualTo(0xffffffffffffff00L);
    assertThat(scan("0", "%hd", a)).isEqualTo(1);
    assertThat(memory.readLong(a)).isEqualTo(0xffffffffffff0000L);
    assertThat(scan("0", "%d", a)).isEqualTo(1);
    assertThat(memory.readLong(a)).isEqualTo(0xffffffff00000000L);
    assertThat(scan("ffffffffffffffff", "%lx", a)).isEqualTo(1);
    assertThat(memory.readLong(a)).isEqualTo(-1);
    assertThat(scan("-7 8 9", "%lld %zu %Lu", a, b, c)).isEqualTo(3);
    assertThat(memory.readLong(a)).isEqualTo(-7);
  }

  @Test
  void limitsNumbersByWidth() {
    assertThat(scan("12345", "%2d%3d", a, b)).isEqualTo(2);
    assertThat(memory.readInt(a)).isEqualTo(12);
    assertThat(memory.readInt(b)).isEqualTo(345);
    assertThat(scan("-12", "%2d%d", a, b)).isEqualTo(2);
    assertThat(memory.readInt(a)).isEqualTo(-1);
    assertThat(scan("0x12", "%3x%d", a, b)).isEqualTo(2);
    assertThat(memory.readInt(a)).isEqualTo(1);
    assertThat(scan("-1", "%1d", a)).isZero();
  }

  @Test
  void readsWordsAndCharacters() {
    assertThat(scan("  hello world", "%s %3s", a, b)).isEqualTo(2);
    assertThat(bench.read(a)).isEqualTo("hello");
    assertThat(bench.read(b)).isEqualTo("wor");
    memory.fill(a, 8, '#');
    assertThat(scan("xyz", "%c%2c", a, b)).isEqualTo(2);
    assertThat(memory.read(a, 2)).containsExactly('x', '#');
    assertThat(memory.read(b, 2)).containsExactly('y', 'z');
  }

  @Test
  void readsSets() {
    assertThat(scan("00:0a:95", "%2[^:]:%2[^:]:%2[^:]", a, b, c)).isEqualTo(3);
    assertThat(bench.read(b)).isEqualTo("0a");
    assertThat(scan("abba7", "%9[ab]%d", a, b)).isEqualTo(2);
    assertThat(bench.read(a)).isEqualTo("abba");
    assertThat(scan("x", "%9[ab]", a)).isZero();
    assertThat(scan("a", "%[ab]", a)).as("a width is required").isZero();
  }

  @Test
  void matchesTextAndSkips() {
    assertThat(scan("v1.2", "v%d.%d", a, b)).isEqualTo(2);
    assertThat(scan("v1;2", "v%d.%d", a, b)).isEqualTo(1);
    assertThat(scan("skip 5", "%*s %d", a)).isEqualTo(1);
    assertThat(memory.readInt(a)).isEqualTo(5);
    assertThat(scan("50% 6", "%d%% %d", a, b)).isEqualTo(2);
    assertThat(scan("7   8", "%d %d%n", a, b, c)).isEqualTo(2);
    assertThat(memory.readInt(c)).isEqualTo(5);
    assertThat(scan("7", "%d%n", a, c)).as("%n at the end").isEqualTo(1);
    assertThat(memory.readInt(c)).isEqualTo(1);
    assertThat(scan("1", "%q", a)).isZero();
  }

  @Test
  void readsIntoAVaList() {
    long list = bench.trap.vaList(1, a, b);
    assertThat(bench.call("vsscanf", bench.text("3 4"), bench.text("%d %d"), list)).isEqualTo(2);
    assertThat(memory.readInt(b)).isEqualTo(4);
  }
}
