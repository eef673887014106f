package io.linkout.kernel.api.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.FakeTable;
import io.linkout.kernel.api.FakeTrap;
import io.linkout.kernel.api.text.AddressNames;
import io.linkout.kernel.api.text.GuestFormat;
import io.linkout.kernel.api.text.PointerHash;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.kmsg.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Levels, continuation and limits of printk. */
class PrintkTest {
  private static final String SOH = "\u0001";

  private final FakeTrap trap = new FakeTrap();
  private final FakeTable table = new FakeTable();
  private final Kmsg log = new Kmsg(64, () -> 5);
  private final List<Integer> dumps = new ArrayList<>();
  private long jiffies = 1000;

  PrintkTest() {
    GuestFormat format = new GuestFormat(new PointerHash(1), AddressNames.NONE, _ -> {});
    PrintFunctions.declare(
        table,
        new Printk(format, log),
        log,
        () -> jiffies,
        250,
        (frame, level) -> dumps.add(level));
  }

  private long printk(String text, long... arguments) {
    LongStream format = LongStream.of(trap.string(text));
    return call("_printk", LongStream.concat(format, LongStream.of(arguments)).toArray());
  }

  private long call(String name, long... arguments) {
    return trap.call(table.function(name), arguments);
  }

  private List<String> lines() {
    return log.read(0, 100).stream().map(r -> r.level() + ":" + r.text()).toList();
  }

  @Test
  void takesTheLevelFromThePrefix() {
    assertThat(printk(SOH + "3bad %d\n", 7)).isEqualTo(5);
    printk(SOH + "6fine\n");
    printk("plain\n");
    printk(SOH + "4" + SOH + "2twice\n");
    printk(SOH + "9odd\n");
    assertThat(lines())
        .containsExactly("3:bad 7", "6:fine", "4:plain", "4:twice", "4:" + SOH + "9odd");
  }

  @Test
  void continuesALineUntilItsNewline() {
    printk(SOH + "6one");
    assertThat(lines()).isEmpty();
    printk(SOH + "c two");
    printk(SOH + "c three\n");
    printk(SOH + "c alone\n");
    assertThat(lines()).containsExactly("6:one two three", "4: alone");
  }

  @Test
  void anotherRecordEndsAnOpenLine() {
    printk(SOH + "6one");
    printk(SOH + "5two");
    log.log(3, "kernel's own");
    printk(SOH + "cthree\n");
    assertThat(lines()).containsExactly("6:one", "5:two", "3:kernel's own", "4:three");
  }

  @Test
  void cutsLongLinesAsLinuxDoes() {
    assertThat(printk("%s\n", trap.string("x".repeat(3000)))).isEqualTo(991);
    assertThat(log.read(0, 9)).extracting(LogRecord::text).isEmpty();
    printk(SOH + "cy\n");
    assertThat(log.read(0, 9))
        .extracting(r -> r.text().length())
        .as("a full line cannot be continued")
        .containsExactly(991, 1);
  }

  @Test
  void makesARecordOfEachLine() {
    printk(SOH + "6a\nb\n\n");
    assertThat(lines()).containsExactly("6:a", "6:b", "6:");
  }

  @Test
  void keepsControlCharactersAndForeignBytes() {
    printk("a\rb\t%s\n", trap.bytes((byte) 0xc3, (byte) 0xa4, (byte) 0xe9, (byte) 0));
    assertThat(lines()).containsExactly("4:a\rb\t\u00e4\u00e9");
  }

  @Test
  void emitTakesFacilityAndLevel() {
    long list = trap.vaList(1, 5);
    call("vprintk_emit", 3, 2, 0, trap.string(SOH + "6u%d\n"), list);
    call("vprintk_emit", 0, -2, 0, trap.string(SOH + "6k%d\n"), list);
    call("vprintk", trap.string(SOH + "1v%d\n"), list);
    assertThat(lines()).containsExactly("2:" + SOH + "6u5", "6:k5", "1:v5");
    assertThat(log.read(0, 1).getFirst().facility()).isEqualTo(3);
  }

  @Test
  void warningsBeginWithTheCut() {
    call("__warn_printk", trap.string("odd %d\n"), 3);
    assertThat(lines()).containsExactly("4:------------[ cut here ]------------", "4:odd 3");
  }

  @Test
  void limitsRatesByState() {
    long state = trap.room(40);
    trap.memory().writeInt(state + 4, 5 * 250);
    trap.memory().writeInt(state + 8, 2);
    long name = trap.string("noisy");
    assertThat(call("___ratelimit", state, name)).isEqualTo(1);
    assertThat(call("___ratelimit", state, name)).isEqualTo(1);
    assertThat(call("___ratelimit", state, name)).isZero();
    jiffies += 5 * 250 + 1;
    assertThat(call("___ratelimit", state, name)).isEqualTo(1);
    assertThat(lines()).containsExactly("4:noisy: 1 callbacks suppressed");
    trap.memory().writeInt(state + 4, 0);
    assertThat(call("___ratelimit", state, name)).as("no interval, no limit").isEqualTo(1);
  }

  @Test
  void limitsRatesOfAll() {
    long name = trap.string("f");
    for (int i = 0; i < 10; i++) {
      assertThat(call("__printk_ratelimit", name)).isEqualTo(1);
    }
    assertThat(call("__printk_ratelimit", name)).isZero();
    jiffies += 5 * 250 + 1;
    assertThat(call("__printk_ratelimit", name)).isEqualTo(1);
    assertThat(lines()).containsExactly("4:f: 1 callbacks suppressed");
  }

  @Test
  void limitsByTheLastTime() {
    long last = trap.longs(0);
    assertThat(call("printk_timed_ratelimit", last, 1000)).isEqualTo(1);
    jiffies += 250;
    assertThat(call("printk_timed_ratelimit", last, 1000)).isZero();
    jiffies += 1;
    assertThat(call("printk_timed_ratelimit", last, 1000)).isEqualTo(1);
  }

  @Test
  void dumpsBuffers() {
    long buffer = trap.bytes("abcdefghijklmnopqr".getBytes(StandardCharsets.ISO_8859_1));
    call("print_hex_dump", trap.string(SOH + "6"), trap.string("d: "), 2, 16, 1, buffer, 18, 1);
    call("print_hex_dump", trap.string(SOH + "7"), trap.string(""), 0, 16, 4, buffer, 8, 0);
    call("print_hex_dump", trap.string(""), trap.string(""), 1, 16, 1, buffer, 1, 0);
    assertThat(lines().subList(0, 3))
        .containsExactly(
            "6:d: 00000000: 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70  abcdefghijklmnop",
            "6:d: 00000010: 71 72" + " ".repeat(44) + "qr",
            "7:64636261 68676665");
    assertThat(lines().get(3)).matches("4:00000000[0-9a-f]{8}: 61");
  }

  @Test
  void dumpsTheStackAtALevel() {
    call("dump_stack");
    call("dump_stack_lvl", trap.string(SOH + "3"));
    assertThat(dumps).containsExactly(-1, 3);
  }
}
