package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers from strings. */
class NumberFunctionsTest {
  private final TextBench bench = new TextBench();

  @ParameterizedTest
  @CsvSource({
    "kstrtoint, 0, 42, 0, 42",
    "kstrtoint, 0, -42, 0, -42",
    "kstrtoint, 0, +7, 0, 7",
    "kstrtoint, 0, 0x1f, 0, 31",
    "kstrtoint, 0, 010, 0, 8",
    "kstrtoint, 16, ff, 0, 255",
    "kstrtoint, 16, 0XFf, 0, 255",
    "kstrtoint, 10, 0x10, -22, 0",
    "kstrtoint, 0, '', -22, 0",
    "kstrtoint, 0, -, -22, 0",
    "kstrtoint, 0, +-5, -22, 0",
    "kstrtoint, 0, ' 5', -22, 0",
    "kstrtoint, 0, 5x, -22, 0",
    "kstrtoint, 8, 8, -22, 0",
    "kstrtoint, 0, 0x, -22, 0",
    "kstrtoint, 10, 2147483647, 0, 2147483647",
    "kstrtoint, 10, 2147483648, -34, 0",
    "kstrtoint, 10, -2147483648, 0, -2147483648",
    "kstrtoint, 10, -2147483649, -34, 0",
    "kstrtouint, 10, 4294967295, 0, -1",
    "kstrtouint, 10, 4294967296, -34, 0",
    "kstrtouint, 10, -1, -22, 0",
    "kstrtou16, 10, 65536, -34, 0",
    "kstrtos16, 10, -32768, 0, -32768",
    "kstrtou8, 0, 0xff, 0, 255",
    "kstrtou8, 0, 256, -34, 0",
    "kstrtos8, 0, 128, -34, 0",
    "kstrtos8, 0, -128, 0, -128",
  })
  void convertsWholeStrings(String name, int base, String text, int error, int value) {
    long result = bench.trap.longs(0);
    assertThat(bench.call(name, bench.text(text), base, result)).isEqualTo(error);
    if (error == 0) {
      long stored = bench.trap.memory().readInt(result);
      boolean narrow = name.endsWith("s8") || name.endsWith("s16");
      int unused = name.endsWith("s8") ? 24 : name.endsWith("s16") ? 16 : 0;
      assertThat(narrow ? ((int) stored << unused) >> unused : stored).isEqualTo(value);
    } else {
      assertThat(bench.trap.memory().readLong(result)).as("untouched").isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "kstrtoull, 18446744073709551615, 0, -1",
    "kstrtoull, 18446744073709551616, -34, 0",
    "kstrtoull, 99999999999999999999x, -34, 0",
    "kstrtoll, -9223372036854775808, 0, -9223372036854775808",
    "kstrtoll, 9223372036854775808, -34, 0",
    "kstrtoll, -9223372036854775809, -34, 0",
    "_kstrtoul, 0xffffffffffffffff, 0, -1",
    "_kstrtol, -1, 0, -1",
  })
  void convertsLongs(String name, String text, int error, long value) {
    long result = bench.trap.longs(0);
    assertThat(bench.call(name, bench.text(text), 0, result)).isEqualTo(error);
    assertThat(bench.trap.memory().readLong(result)).isEqualTo(value);
  }

  @Test
  void allowsOneNewlineAtTheEnd() {
    long result = bench.trap.longs(0);
    assertThat(bench.call("kstrtoint", bench.text("5\n"), 0, result)).isZero();
    assertThat(bench.call("kstrtoint", bench.text("5\n\n"), 0, result)).isEqualTo(-22);
  }

  @Test
  void storesNoMoreBytesThanTheType() {
    long result = bench.trap.longs(-1);
    bench.call("kstrtou8", bench.text("0"), 0, result);
    assertThat(bench.trap.memory().readLong(result)).isEqualTo(0xffffffffffffff00L);
    bench.call("kstrtou16", bench.text("0"), 0, result);
    assertThat(bench.trap.memory().readLong(result)).isEqualTo(0xffffffffffff0000L);
    bench.call("kstrtouint", bench.text("0"), 0, result);
    assertThat(bench.trap.memory().readLong(result)).isEqualTo(0xffffffff00000000L);
  }

  @ParameterizedTest
  @CsvSource({
    "y,1", "Yes,1", "1,1", "t,1", "on,1", "oN,1", "n,0", "0,0", "F,0", "off,0", "of,0", "o,-22",
    "x,-22", "'',-22", "2,-22"
  })
  void convertsBooleans(String text, int expected) {
    long result = bench.trap.bytes((byte) 9);
    assertThat(bench.call("kstrtobool", bench.text(text), result)).isEqualTo(Math.min(expected, 0));
    assertThat(bench.trap.memory().readByte(result)).isEqualTo(expected < 0 ? 9 : expected);
    assertThat(bench.call("kstrtobool", 0, result)).isEqualTo(-22);
  }

  @Test
  void simpleConversionsStopAnywhere() {
    long end = bench.trap.longs(0);
    long text = bench.text("0x12zz");
    assertThat(bench.call("simple_strtoul", text, end, 0)).isEqualTo(0x12);
    assertThat(bench.trap.memory().readLong(end)).isEqualTo(text + 4);
    assertThat(bench.call("simple_strtol", bench.text("-15,"), 0, 10)).isEqualTo(-15);
    assertThat(bench.call("simple_strtoull", bench.text("-1"), 0, 10)).isZero();
    assertThat(bench.call("simple_strtoll", bench.text("0xg"), end, 0)).isZero();
    assertThat(bench.call("simple_strtoul", bench.text("077"), 0, 0)).isEqualTo(63);
  }

  @Test
  void roundTripsWithFormatting() {
    SplittableRandom random = new SplittableRandom(5);
    long result = bench.trap.longs(0);
    long buffer = bench.trap.room(64);
    long format = bench.text("%#llx");
    for (int i = 0; i < 500; i++) {
      long value = random.nextLong() >>> random.nextInt(64);
      bench.call("snprintf", buffer, 64, format, value);
      assertThat(bench.call("kstrtoull", buffer, 0, result)).isZero();
      assertThat(bench.trap.memory().readLong(result)).isEqualTo(value);
    }
  }

  @Test
  void readsOptions() {
    long pointer = bench.trap.longs(bench.text("1,-2,0x3-6"));
    long value = bench.trap.longs(0);
    assertThat(bench.call("get_option", pointer, value)).isEqualTo(2);
    assertThat(bench.trap.memory().readInt(value)).isEqualTo(1);
    assertThat(bench.call("get_option", pointer, value)).isEqualTo(2);
    assertThat(bench.trap.memory().readInt(value)).isEqualTo(-2);
    assertThat(bench.call("get_option", pointer, value)).isEqualTo(3);
    assertThat(bench.trap.memory().readInt(value)).isEqualTo(3);
    assertThat(bench.call("get_option", bench.trap.longs(bench.text("9")), 0)).isEqualTo(1);
    assertThat(bench.call("get_option", bench.trap.longs(bench.text("x")), 0)).isZero();
    assertThat(bench.call("get_option", bench.trap.longs(0), 0)).isZero();
  }

  @Test
  void readsListsOfOptions() {
    long ints = bench.trap.room(64);
    long rest = bench.call("get_options", bench.text("5,2-4,9,x"), 8, ints);
    assertThat(ints(ints, 6)).containsExactly(5, 5, 2, 3, 4, 9);
    assertThat(bench.read(rest)).isEqualTo("x");
    bench.call("get_options", bench.text("1,2,3,4"), 3, ints);
    assertThat(ints(ints, 3)).containsExactly(2, 1, 2);
    bench.call("get_options", bench.text("1,2,3,7-9"), 0, ints);
    assertThat(ints(ints, 1)).as("counts only").containsExactly(6);
  }

  private int[] ints(long address, int count) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = bench.trap.memory().readInt(address + 4L * i);
    }
    return values;
  }

  @Test
  void readsSizes() {
    long end = bench.trap.longs(0);
    long text = bench.text("4Kx");
    assertThat(bench.call("memparse", text, end)).isEqualTo(4096);
    assertThat(bench.trap.memory().readLong(end)).isEqualTo(text + 2);
    assertThat(bench.call("memparse", bench.text("0x10m"), 0)).isEqualTo(16 << 20);
    assertThat(bench.call("memparse", bench.text("2G"), 0)).isEqualTo(2L << 30);
    assertThat(bench.call("memparse", bench.text("1E"), 0)).isEqualTo(1L << 60);
    assertThat(bench.call("memparse", bench.text("12"), end)).isEqualTo(12);
  }
}
