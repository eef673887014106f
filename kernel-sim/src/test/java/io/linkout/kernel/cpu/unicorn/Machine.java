package io.linkout.kernel.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.Protection;
import io.linkout.kernel.cpu.Registers;
import io.linkout.kernel.cpu.TrapHandler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/** A CPU with a page of code, trap slots, data, read-only data, a stack and its guard. */
final class Machine implements AutoCloseable {
  static final long CODE = GuestLayout.MODULES;
  static final long SLOTS = GuestLayout.KERNEL_TEXT;
  static final long DATA = GuestLayout.DIRECT_MAP;
  static final long CONSTANTS = GuestLayout.DIRECT_MAP + 0x10000;
  static final long GUARD = GuestLayout.VMALLOC;
  static final long STACK = GUARD + GuestLayout.PAGE;
  static final long STACK_TOP = STACK + 4 * GuestLayout.PAGE;
  static final long SECOND = 1_000_000_000L;

  final UnicornCpu cpu = new UnicornCpu();
  private final Arena arena = Arena.ofConfined();

  Machine() {
    map(CODE, GuestLayout.PAGE, Protection.READ_EXECUTE);
    MemorySegment slots = map(SLOTS, GuestLayout.PAGE, Protection.READ_EXECUTE);
    for (int i = 0; i < 16; i++) {
      MemorySegment.copy(MemorySegment.ofArray(cpu.trapCode()), 0, slots, i * 16L, 16);
    }
    map(DATA, GuestLayout.PAGE, Protection.READ_WRITE);
    map(CONSTANTS, GuestLayout.PAGE, Protection.READ);
    map(STACK, 4 * GuestLayout.PAGE, Protection.READ_WRITE);
  }

  MemorySegment map(long address, long size, Protection protection) {
    MemorySegment host = arena.allocate(size, GuestLayout.PAGE);
    cpu.memory().map(address, host, protection, "test", "");
    return host;
  }

  void traps(TrapHandler handler) {
    cpu.installTraps(SLOTS, 16, handler);
  }

  /** Puts machine code at {@code CODE}; blanks are ignored. */
  Machine code(String hex) {
    return codeAt(CODE, hex);
  }

  Machine codeAt(long address, String hex) {
    cpu.memory().patch(address, HexFormat.of().parseHex(hex.replace(" ", "")));
    return this;
  }

  CpuOutcome call(long... arguments) {
    return call(CODE, SECOND, arguments);
  }

  CpuOutcome call(long function, long nanos, long[] arguments) {
    return cpu.call(function, arguments, STACK_TOP, GUARD, nanos);
  }

  long result(long... arguments) {
    CpuOutcome outcome = call(arguments);
    assertThat(outcome).isInstanceOf(CpuOutcome.Returned.class);
    return ((CpuOutcome.Returned) outcome).rax();
  }

  CpuOutcome.Died died(long... arguments) {
    CpuOutcome outcome = call(arguments);
    assertThat(outcome).isInstanceOf(CpuOutcome.Died.class);
    return (CpuOutcome.Died) outcome;
  }

  /** Asserts that the code at CODE dies of {@code fault} with rip at {@code offset}. */
  Registers assertDies(CpuFault fault, long offset, long... arguments) {
    CpuOutcome.Died died = died(arguments);
    assertThat(died.fault()).isEqualTo(fault);
    assertThat(Long.toHexString(died.registers().rip())).isEqualTo(Long.toHexString(CODE + offset));
    return died.registers();
  }

  @Override
  public void close() {
    cpu.close();
    arena.close();
  }
}
