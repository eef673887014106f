package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.FakeTrap;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers, characters and strings: where Linux and C agree, what glibc 2.36 printed. */
class IntegerFormatTest {
  private final FormatBench bench = new FormatBench();

  @ParameterizedTest(name = "{0} of {1}")
  @MethodSource("ofGlibc")
  void agreesWithGlibc(String format, Object value, String expected) {
    long argument = value instanceof String text ? bench.trap.string(text) : (Long) value;
    assertThat(bench.print(format, argument)).isEqualTo(expected);
  }

  static Stream<Arguments> ofGlibc() {
    return Stream.of(
        number("%d", 0L, "0"),
        number("%d", -1L, "-1"),
        number("%i", 2147483647L, "2147483647"),
        number("%d", -2147483648L, "-2147483648"),
        number("%u", 4294967295L, "4294967295"),
        number("%x", 3735928559L, "deadbeef"),
        number("%X", 3735928559L, "DEADBEEF"),
        number("%o", 511L, "777"),
        number("%5d|", 42L, "   42|"),
        number("%-5d|", 42L, "42   |"),
        number("%05d|", 42L, "00042|"),
        number("%+d", 42L, "+42"),
        number("% d", 42L, " 42"),
        number("%+d", -42L, "-42"),
        number("% 5d", -42L, "  -42"),
        number("%+05d", 42L, "+0042"),
        number("% 05d", 42L, " 0042"),
        number("%-+6d|", 42L, "+42   |"),
        number("%#x", 255L, "0xff"),
        number("%#X", 255L, "0XFF"),
        number("%#10x", 255L, "      0xff"),
        number("%#010x", 255L, "0x000000ff"),
        number("%-#10x|", 255L, "0xff      |"),
        number("%#o", 8L, "010"),
        number("%#o", 0L, "0"),
        number("%.3d", 7L, "007"),
        number("%.3d", -7L, "-007"),
        number("%8.3d|", 7L, "     007|"),
        number("%-8.3d|", -7L, "-007    |"),
        number("%8.3x", 109517L, "   1abcd"),
        number("%.10u", 123L, "0000000123"),
        number("%+.4d", 5L, "+0005"),
        number("%hhd", 200L, "-56"),
        number("%hhu", 300L, "44"),
        number("%hd", 40000L, "-25536"),
        number("%hu", 70000L, "4464"),
        number("%hhx", -1L, "ff"),
        number("%hx", -1L, "ffff"),
        number("%ld", Long.MIN_VALUE, "-9223372036854775808"),
        number("%lld", 9223372036854775807L, "9223372036854775807"),
        number("%lu", -1L, "18446744073709551615"),
        number("%llx", -1L, "ffffffffffffffff"),
        number("%lo", -1L, "1777777777777777777777"),
        number("%zu", -1L, "18446744073709551615"),
        number("%zd", -1L, "-1"),
        number("%td", -5L, "-5"),
        number("%zx", 4096L, "1000"),
        number("%c", 65L, "A"),
        number("%5c|", 65L, "    A|"),
        number("%-5c|", 65L, "A    |"),
        number("%%%d%%", 5L, "%5%"),
        number("a%db", 1L, "a1b"),
        number("%20d|", -1L, "                  -1|"),
        number("%-20lu|", -1L, "18446744073709551615|"),
        number("%020ld", -123L, "-0000000000000000123"),
        number("%1d", 12345L, "12345"),
        number("%00d", 3L, "3"),
        number("%- d|", 3L, " 3|"),
        number("%-05d|", 3L, "3    |"),
        string("%s", "hello", "hello"),
        string("[%8s]", "hello", "[   hello]"),
        string("[%-8s]", "hello", "[hello   ]"),
        string("[%.3s]", "hello", "[hel]"),
        string("[%8.3s]", "hello", "[     hel]"),
        string("[%-8.3s]", "hello", "[hel     ]"),
        string("[%3s]", "hello", "[hello]"),
        string("[%.0s]", "hello", "[]"),
        string("[%.10s]", "hello", "[hello]"),
        string("%s%%", "", "%"),
        string("[%5s]", "", "[     ]"));
  }

  @ParameterizedTest(name = "{0} of {1}")
  @MethodSource("ofLinux")
  void differsFromCAsLinuxDoes(String format, long argument, String expected) {
    assertThat(bench.print(format, argument)).isEqualTo(expected);
  }

  static Stream<Arguments> ofLinux() {
    return Stream.of(
        number("%#x", 0, "0x0"),
        number("%.0d", 0, "0"),
        number("%08.3d", 7, "00000007"),
        number("%#.4o", 8, "00010"),
        number("%Lx", -1, "ffffffffffffffff"),
        number("%.-3d", 5, ""));
  }

  @Test
  void takesWidthAndPrecisionFromArguments() {
    assertThat(bench.print("[%*d]", 6, 42)).isEqualTo("[    42]");
    assertThat(bench.print("[%*d]", -6, 42)).isEqualTo("[42    ]");
    assertThat(bench.print("[%*d]", -1, 4)).isEqualTo("[4]");
    assertThat(bench.print("[%-*d]", 4, 42)).isEqualTo("[42  ]");
    assertThat(bench.print("[%.*s]", 2, bench.trap.string("abc"))).isEqualTo("[ab]");
    assertThat(bench.print("[%*.*s]", 4, 2, bench.trap.string("abc"))).isEqualTo("[  ab]");
    // C ignores a negative precision; Linux takes it for 0.
    assertThat(bench.print("[%.*s]", -1, bench.trap.string("abc"))).isEqualTo("[]");
  }

  @Test
  void limitsHugeWidthsWithOneWarning() {
    FakeTrap trap = bench.trap;
    long buffer = trap.room(16);
    assertThat(bench.snprintf(buffer, 16, "%*d", 1 << 24, 1)).isEqualTo((1 << 23) - 1);
    assertThat(trap.readString(buffer)).isEqualTo(" ".repeat(15));
    bench.snprintf(buffer, 16, "%*d", 1 << 25, 1);
    assertThat(bench.warnings).containsExactly("field width 16777216 too large");
  }

  @Test
  void endsAtAnUnknownConversion() {
    assertThat(bench.print("a%d b%n c%d", 1, 2, 3)).isEqualTo("a1 b");
    assertThat(bench.print("x%f", 1)).isEqualTo("x");
    assertThat(bench.print("x%", 1)).isEqualTo("x");
    assertThat(bench.warnings).containsExactly("Please remove unsupported %n in format string");
  }

  @Test
  void printsEverySixtyFourBitNumberAsJavaDoes() {
    SplittableRandom random = new SplittableRandom(20261123);
    for (int i = 0; i < 2000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      int width = random.nextInt(1, 30);
      String flag = new String[] {"", "-", "0"}[random.nextInt(3)];
      assertThat(bench.print("%" + flag + width + "lld", value))
          .isEqualTo(String.format(Locale.ROOT, "%" + flag + width + "d", value));
      assertThat(bench.print("%" + flag + width + "lx", value))
          .isEqualTo(String.format(Locale.ROOT, "%" + flag + width + "x", value));
      assertThat(bench.print("%llu", value)).isEqualTo(Long.toUnsignedString(value));
      assertThat(bench.print("%#lo", value))
          .isEqualTo((value == 0 ? "" : "0") + Long.toOctalString(value));
    }
  }

  private static Arguments number(String format, long value, String expected) {
    return Arguments.of(format, value, expected);
  }

  private static Arguments string(String format, String value, String expected) {
    return Arguments.of(format, value, expected);
  }
}
