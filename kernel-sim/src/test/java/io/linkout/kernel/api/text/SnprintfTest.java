package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.api.FakeTrap;
import io.linkout.kernel.cpu.GuestFault;
import org.junit.jupiter.api.Test;

/** Results, truncation and arguments of the snprintf family. */
class SnprintfTest {
  private final FormatBench bench = new FormatBench();
  private final FakeTrap trap = bench.trap;

  @Test
  void returnsTheWholeLengthAndCutsTheText() {
    long buffer = trap.bytes(new byte[] {'#', '#', '#', '#', '#', '#', '#', '#'});
    assertThat(bench.snprintf(buffer, 4, "%d", 123456)).isEqualTo(6);
    assertThat(trap.memory().read(buffer, 5)).containsExactly('1', '2', '3', 0, '#');
    assertThat(bench.snprintf(buffer, 0, "%d", 987)).isEqualTo(3);
    assertThat(trap.memory().read(buffer, 4)).containsExactly('1', '2', '3', 0);
    assertThat(bench.snprintf(buffer, 1, "%d", 987)).isEqualTo(3);
    assertThat(trap.memory().readByte(buffer)).isZero();
    assertThat(bench.snprintf(0, 0, "%s", trap.string("measure"))).isEqualTo(7);
  }

  @Test
  void scnprintfReturnsWhatWasWritten() {
    long buffer = trap.room(16);
    long format = trap.string("%s");
    long text = trap.string("abcdef");
    assertThat(bench.call("scnprintf", buffer, 4, format, text)).isEqualTo(3);
    assertThat(bench.call("scnprintf", buffer, 7, format, text)).isEqualTo(6);
    assertThat(bench.call("scnprintf", buffer, 0, format, text)).isZero();
  }

  @Test
  void refusesSizesAboveIntMax() {
    long buffer = trap.string("kept");
    assertThat(bench.snprintf(buffer, -1, "gone")).isZero();
    assertThat(trap.readString(buffer)).isEqualTo("kept");
    assertThat(bench.warnings).hasSize(1);
  }

  @Test
  void takesMoreArgumentsThanThereAreRegisters() {
    assertThat(bench.print("%d %d %d %d %d %d", 1, 2, 3, 4, 5, 6)).isEqualTo("1 2 3 4 5 6");
    long list = trap.vaList(3, 1, 2, 3, 4, 5);
    long buffer = trap.room(64);
    long format = trap.string("%d %d %d %d %d");
    assertThat(bench.call("vsnprintf", buffer, 64, format, list)).isEqualTo(9);
    assertThat(trap.readString(buffer)).isEqualTo("1 2 3 4 5");
    assertThat(bench.call("vscnprintf", buffer, 4, format, list)).isEqualTo(3);
    assertThat(bench.call("vsprintf", buffer, format, list)).isEqualTo(9);
  }

  @Test
  void sprintfAppendsToItsOwnBuffer() {
    long buffer = trap.room(32);
    trap.memory().write(buffer, new byte[] {'a', 'b', 0});
    assertThat(bench.call("sprintf", buffer, trap.string("%s-%d"), buffer, 7)).isEqualTo(4);
    assertThat(trap.readString(buffer)).isEqualTo("ab-7");
  }

  @Test
  void sprintfPastTheBufferFaultsWhereTheMappingEnds() {
    long buffer = FakeTrap.SCRATCH + FakeTrap.SCRATCH_SIZE - 4;
    long format = trap.string("%*d");
    assertThatThrownBy(() -> bench.call("sprintf", buffer, format, 100_000, 1))
        .isInstanceOfSatisfying(
            GuestFault.class,
            fault ->
                assertThat(fault.address()).isEqualTo(FakeTrap.SCRATCH + FakeTrap.SCRATCH_SIZE));
  }

  @Test
  void kasprintfAllocatesWhatItNeeds() {
    long format = trap.string("%s=%d");
    long made = bench.call("kasprintf", 0xcc0, format, trap.string("n"), 12);
    assertThat(trap.readString(made)).isEqualTo("n=12");
    long list = trap.vaList(2, trap.string("m"), 3);
    assertThat(trap.readString(bench.call("kvasprintf", 0xcc0, format, list))).isEqualTo("m=3");
    assertThat(bench.call("kvasprintf_const", 0xcc0, trap.string("%s"), trap.vaList(1, 0)))
        .isZero();
    bench.failAllocations = 1;
    assertThat(bench.call("kasprintf", 0xcc0, format, trap.string("n"), 12)).isZero();
  }

  @Test
  void fillsPagesOfSysfs() {
    long page = (trap.room(8192) + 4095) & -4096L;
    long format = trap.string("%d\n");
    assertThat(bench.call("sysfs_emit", page, format, 42)).isEqualTo(3);
    assertThat(bench.call("sysfs_emit_at", page, 3, format, 7)).isEqualTo(2);
    assertThat(trap.readString(page)).isEqualTo("42\n7\n");
    assertThat(bench.call("sysfs_emit_at", page, 4094, format, 123)).isEqualTo(1);
    assertThat(bench.call("sysfs_emit", page + 8, format, 1)).isZero();
    assertThat(bench.call("sysfs_emit_at", page, 4096, format, 1)).isZero();
    assertThat(bench.warnings).hasSize(2);
    long cursor = trap.longs(page);
    bench.call("ethtool_sprintf", cursor, trap.string("rx_%s_%d"), trap.string("x".repeat(40)), 1);
    assertThat(trap.memory().readLong(cursor)).isEqualTo(page + 32);
    assertThat(trap.readString(page)).hasSize(31);
  }

  @Test
  void keepsBytesThatAreNotText() {
    long text = trap.bytes((byte) 0xff, (byte) 0xc3, (byte) 0);
    long buffer = trap.room(8);
    bench.snprintf(buffer, 8, "%s", text);
    assertThat(trap.memory().read(buffer, 3)).containsExactly(0xff, 0xc3, 0);
  }
}
