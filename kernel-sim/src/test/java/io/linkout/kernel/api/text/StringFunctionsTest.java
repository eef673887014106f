package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.api.FakeTrap;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestOops;
import org.junit.jupiter.api.Test;

/** String functions against what lib/string.c does. */
class StringFunctionsTest {
  private final TextBench bench = new TextBench();

  private long call(String name, long... arguments) {
    return bench.call(name, arguments);
  }

  @Test
  void measuresStrings() {
    assertThat(call("strlen", bench.text("hello"))).isEqualTo(5);
    assertThat(call("strlen", bench.text("x".repeat(1000)))).isEqualTo(1000);
    assertThat(call("strnlen", bench.text("hello"), 3)).isEqualTo(3);
    assertThat(call("strnlen", bench.text("hello"), -1)).isEqualTo(5);
    assertThat(call("strnlen", 0, 0)).isZero();
  }

  @Test
  void readsUpToTheEndOfAMappingAndNoFurther() {
    long end = FakeTrap.SCRATCH + FakeTrap.SCRATCH_SIZE;
    bench.trap.memory().write(end - 4, new byte[] {'a', 'b', 'c', 'd'});
    assertThat(call("strnlen", end - 4, 4)).isEqualTo(4);
    assertThat(call("memchr", end - 4, 'd', 100)).isEqualTo(end - 1);
    assertThatThrownBy(() -> call("strlen", end - 4))
        .isInstanceOfSatisfying(
            GuestFault.class, fault -> assertThat(fault.address()).isEqualTo(end));
  }

  @Test
  void copiesStrings() {
    long to = bench.buffer(16, "");
    assertThat(call("strcpy", to, bench.text("abc"))).isEqualTo(to);
    assertThat(bench.trap.memory().read(to, 5)).containsExactly('a', 'b', 'c', 0, '#');
    to = bench.buffer(16, "");
    assertThat(call("strncpy", to, bench.text("ab"), 5)).isEqualTo(to);
    assertThat(bench.trap.memory().read(to, 6)).containsExactly('a', 'b', 0, 0, 0, '#');
    to = bench.buffer(16, "");
    call("strncpy", to, bench.text("abcdef"), 3);
    assertThat(bench.trap.memory().read(to, 4)).containsExactly('a', 'b', 'c', '#');
  }

  @Test
  void copiesWithinASize() {
    long from = bench.text("abcdef");
    long to = bench.buffer(16, "");
    assertThat(call("strlcpy", to, from, 4)).isEqualTo(6);
    assertThat(bench.read(to)).isEqualTo("abc");
    assertThat(call("strlcpy", to, from, 0)).isEqualTo(6);
    assertThat(call("strscpy", to, from, 4)).isEqualTo(-7);
    assertThat(bench.read(to)).isEqualTo("abc");
    assertThat(call("strscpy", to, from, 7)).isEqualTo(6);
    assertThat(call("strscpy", to, from, 0)).isEqualTo(-7);
    assertThat(call("strscpy", to, from, -1)).isEqualTo(-7);
    to = bench.buffer(16, "");
    assertThat(call("strscpy_pad", to, bench.text("x"), 4)).isEqualTo(1);
    assertThat(bench.trap.memory().read(to, 5)).containsExactly('x', 0, 0, 0, '#');
    to = bench.buffer(16, "");
    call("memcpy_and_pad", to, 5, from, 2, '-');
    assertThat(bench.trap.memory().read(to, 6)).containsExactly('a', 'b', '-', '-', '-', '#');
  }

  @Test
  void appendsStrings() {
    long to = bench.buffer(16, "ab");
    call("strcat", to, bench.text("cd"));
    assertThat(bench.read(to)).isEqualTo("abcd");
    call("strncat", to, bench.text("efgh"), 2);
    assertThat(bench.read(to)).isEqualTo("abcdef");
    call("strncat", to, bench.text("g"), 5);
    assertThat(bench.read(to)).isEqualTo("abcdefg");
    assertThat(call("strlcat", to, bench.text("hijk"), 10)).isEqualTo(11);
    assertThat(bench.read(to)).isEqualTo("abcdefghi");
    assertThatThrownBy(() -> call("strlcat", to, bench.text("x"), 3)).isInstanceOf(GuestOops.class);
  }

  @Test
  void comparesStrings() {
    assertThat(call("strcmp", bench.text("abc"), bench.text("abc"))).isZero();
    assertThat(call("strcmp", bench.text("abc"), bench.text("abd"))).isEqualTo(-1);
    assertThat(call("strcmp", bench.text("\u00ff"), bench.text("a"))).isEqualTo(1);
    assertThat(call("strcmp", bench.text("ab"), bench.text("abc"))).isEqualTo(-1);
    assertThat(call("strncmp", bench.text("abX"), bench.text("abY"), 2)).isZero();
    assertThat(call("strncmp", bench.text("abX"), bench.text("abY"), 3)).isEqualTo(-1);
    assertThat(call("strcasecmp", bench.text("HeLLo"), bench.text("hEllO"))).isZero();
    assertThat(call("strcasecmp", bench.text("a"), bench.text("C"))).isEqualTo(-2);
    assertThat(call("strncasecmp", bench.text("ABx"), bench.text("aby"), 2)).isZero();
  }

  @Test
  void findsCharacters() {
    long text = bench.text("a-b-c");
    assertThat(call("strchr", text, '-')).isEqualTo(text + 1);
    assertThat(call("strchr", text, 'z')).isZero();
    assertThat(call("strchr", text, 0)).isEqualTo(text + 5);
    assertThat(call("strrchr", text, '-')).isEqualTo(text + 3);
    assertThat(call("strrchr", text, 'z')).isZero();
    assertThat(call("strchrnul", text, 'z')).isEqualTo(text + 5);
    assertThat(call("strnchr", text, 3, 'c')).isZero();
    assertThat(call("strnchr", text, 5, 'c')).isEqualTo(text + 4);
    assertThat(call("strpbrk", text, bench.text("cb"))).isEqualTo(text + 2);
    assertThat(call("strpbrk", text, bench.text("xyz"))).isZero();
    assertThat(call("strspn", text, bench.text("-a"))).isEqualTo(2);
    assertThat(call("strcspn", text, bench.text("cb"))).isEqualTo(2);
    assertThat(call("strcspn", text, bench.text(""))).isEqualTo(5);
  }

  @Test
  void findsStrings() {
    long text = bench.text("one two two");
    assertThat(call("strstr", text, bench.text("two"))).isEqualTo(text + 4);
    assertThat(call("strstr", text, bench.text("twox"))).isZero();
    assertThat(call("strstr", text, bench.text(""))).isEqualTo(text);
    assertThat(call("strnstr", text, bench.text("two"), 6)).isZero();
    assertThat(call("strnstr", text, bench.text("two"), 7)).isEqualTo(text + 4);
    assertThat(call("strstr", bench.text("aab"), bench.text("ab"))).isNotZero();
  }

  @Test
  void cutsStrings() {
    long text = bench.text("a,b;;c");
    long pointer = bench.trap.longs(text);
    assertThat(bench.read(call("strsep", pointer, bench.text(",;")))).isEqualTo("a");
    assertThat(bench.read(call("strsep", pointer, bench.text(",;")))).isEqualTo("b");
    assertThat(bench.read(call("strsep", pointer, bench.text(",;")))).isEmpty();
    assertThat(bench.read(call("strsep", pointer, bench.text(",;")))).isEqualTo("c");
    assertThat(call("strsep", pointer, bench.text(",;"))).isZero();
    assertThat(bench.read(call("strim", bench.text(" \tx y \n")))).isEqualTo("x y");
    assertThat(bench.read(call("strim", bench.text("   ")))).isEmpty();
    assertThat(bench.read(call("skip_spaces", bench.text("\u00a0 z ")))).isEqualTo("z ");
    long replaced = bench.text("a.b.c");
    assertThat(call("strreplace", replaced, '.', '_')).isEqualTo(replaced + 5);
    assertThat(bench.read(replaced)).isEqualTo("a_b_c");
  }

  @Test
  void matchesLinesAndTables() {
    assertThat(call("sysfs_streq", bench.text("on"), bench.text("on\n"))).isEqualTo(1);
    assertThat(call("sysfs_streq", bench.text("on\n"), bench.text("on"))).isEqualTo(1);
    assertThat(call("sysfs_streq", bench.text("on\n\n"), bench.text("on"))).isZero();
    assertThat(call("sysfs_streq", bench.text("on"), bench.text("one"))).isZero();
    long table = bench.trap.longs(bench.text("off"), bench.text("on"), 0, bench.text("never"));
    assertThat(call("match_string", table, 4, bench.text("on"))).isEqualTo(1);
    assertThat(call("match_string", table, 4, bench.text("on\n"))).isEqualTo(-22);
    assertThat(call("match_string", table, -1, bench.text("never"))).isEqualTo(-22);
    assertThat(call("match_string", table, 1, bench.text("on"))).isEqualTo(-22);
    assertThat(call("__sysfs_match_string", table, 4, bench.text("on\n"))).isEqualTo(1);
  }

  @Test
  void comparesAndSearchesBytes() {
    long a = bench.trap.bytes((byte) 1, (byte) 0, (byte) 0xff);
    long b = bench.trap.bytes((byte) 1, (byte) 0, (byte) 1);
    assertThat(call("memcmp", a, b, 2)).isZero();
    assertThat(call("memcmp", a, b, 3)).isEqualTo(254);
    assertThat(call("bcmp", b, a, 3)).isEqualTo(-254);
    assertThat(call("memchr", a, 0x1ff, 3)).isEqualTo(a + 2);
    assertThat(call("memchr", a, 7, 3)).isZero();
    assertThat(call("memscan", a, 7, 3)).isEqualTo(a + 3);
    assertThat(call("memchr_inv", a, 1, 3)).isEqualTo(a + 1);
    assertThat(call("memchr_inv", a, 1, 1)).isZero();
    assertThat(call("memweight", a, 3)).isEqualTo(9);
  }

  @Test
  void sizesThatMakeNoSenseFaultAndDoNotExhaustTheHost() {
    long text = bench.text("x");
    assertThatThrownBy(() -> call("strncpy", text, text, -1)).isInstanceOf(GuestFault.class);
    assertThatThrownBy(() -> call("memcmp", text, text, -1)).isInstanceOf(GuestFault.class);
    assertThatThrownBy(() -> call("memcpy_and_pad", text, -1, text, -1, 0))
        .isInstanceOf(GuestFault.class);
    long compare = bench.trap.function(_ -> 1);
    assertThatThrownBy(() -> call("sort", text, 2, 1L << 40, compare, 0))
        .isInstanceOf(GuestFault.class);
  }
}
