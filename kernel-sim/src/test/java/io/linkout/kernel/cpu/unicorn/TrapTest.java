package io.linkout.kernel.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.cpu.Protection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrapTest {
  private final Machine machine = new Machine();

  @AfterEach
  void close() {
    machine.close();
  }

  /** movabs rax, slot; call rax. */
  private static String callSlot(int slot) {
    return "48b8%016x".formatted(Long.reverseBytes(Machine.SLOTS + slot * 16L)) + "ffd0";
  }

  @Test
  void argumentsResultAndCallerArePassed() {
    List<Long> seen = new ArrayList<>();
    machine.traps(
        (slot, frame) -> {
          seen.add((long) slot);
          for (int i = 0; i < 8; i++) {
            seen.add(frame.argument(i));
          }
          seen.add(frame.returnAddress());
          seen.add(frame.rax());
          return -5;
        });
    // push 8; push 7; call; add rsp,16; neg rax; ret
    machine.code("6a08 6a07" + callSlot(3) + "4883c410 48f7d8 c3");
    assertThat(machine.result(1, 2, 3, 4, 5, 6)).isEqualTo(5);
    assertThat(seen)
        .containsExactly(3L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, Machine.CODE + 16, Machine.SLOTS + 48);
  }

  @Test
  void otherRegistersSurvive() {
    machine.traps((slot, frame) -> 0);
    // rbx = r12 = rsi = 77; call; rax = rbx + r12 + rsi
    machine.code(
        "53 4154 bb4d000000 41bc4d000000 be4d000000"
            + callSlot(0)
            + "4889d8 4c01e0 4801f0 415c 5b c3");
    assertThat(machine.result()).isEqualTo(3 * 77);
  }

  @Test
  void tailCallOfAFunctionReturnsToTheOuterCaller() {
    machine.traps((slot, frame) -> frame.argument(0) * 2);
    machine.code("48b8%016x".formatted(Long.reverseBytes(Machine.SLOTS)) + "ffe0");
    assertThat(machine.result(21)).isEqualTo(42);
  }

  @Test
  void functionCallsGuestBackAndPassesItsResultOn() {
    machine.traps(
        (slot, frame) -> {
          frame.callGuest(Machine.CODE + 0x100, new long[] {frame.argument(0), 10}, rax -> rax + 1);
          return 999;
        });
    machine.code("53 " + callSlot(0) + "480fafc0 5b c3"); // squares it
    machine.codeAt(Machine.CODE + 0x100, "488d0437 c3"); // rdi + rsi
    assertThat(machine.result(5)).isEqualTo(16 * 16);
  }

  @Test
  void callbacksNestThroughFunctionsAndMayBeChained() {
    // slot 0: sum of callback(n), callback(n-1) ... ; the callback itself calls slot 1
    machine.traps(
        (slot, frame) -> {
          if (slot == 1) {
            frame.callGuest(Machine.CODE + 0x200, new long[] {frame.argument(0)}, rax -> rax * 2);
            return 0;
          }
          long[] state = {frame.argument(0), 0};
          java.util.function.LongUnaryOperator[] next = new java.util.function.LongUnaryOperator[1];
          next[0] =
              rax -> {
                state[1] += rax;
                if (--state[0] > 0) {
                  frame.callGuest(Machine.CODE + 0x100, new long[] {state[0]}, next[0]);
                }
                return state[1];
              };
          frame.callGuest(Machine.CODE + 0x100, new long[] {state[0]}, next[0]);
          return 0;
        });
    machine.code("53 " + callSlot(0) + "5b c3");
    machine.codeAt(Machine.CODE + 0x100, "53 " + callSlot(1) + "5b c3");
    machine.codeAt(Machine.CODE + 0x200, "488d4701 c3"); // rdi + 1
    // 2*(4+1) + 2*(3+1) + 2*(2+1) + 2*(1+1)
    assertThat(machine.result(4)).isEqualTo(28);
  }

  @Test
  void stackOfACallbackIsAligned() {
    machine.traps(
        (slot, frame) -> {
          frame.callGuest(Machine.CODE + 0x100, new long[0], rax -> rax);
          return 0;
        });
    machine.code("53 " + callSlot(0) + "5b c3");
    machine.codeAt(Machine.CODE + 0x100, "4889e0 83e00f c3");
    assertThat(machine.result()).isEqualTo(8);
  }

  @Test
  void nestedCallIsForbidden() {
    List<Throwable> thrown = new ArrayList<>();
    machine.traps(
        (slot, frame) -> {
          try {
            machine.call();
          } catch (IllegalStateException e) {
            thrown.add(e);
          }
          return 1;
        });
    machine.code("53 " + callSlot(0) + "5b c3");
    assertThat(machine.result()).isEqualTo(1);
    assertThat(thrown).hasSize(1);
  }

  @Test
  void badPointerGivenToAFunctionIsTheCallersFault() {
    machine.traps(
        (slot, frame) -> {
          throw new GuestFault(0x10, Access.WRITE);
        });
    machine.code("53 " + callSlot(2) + "5b c3");
    CpuOutcome.Died died = machine.died();
    assertThat(died.fault()).isEqualTo(new CpuFault.FunctionPage(0x10, Access.WRITE));
    assertThat(died.registers().rip()).isEqualTo(Machine.SLOTS + 32);
    assertThat(machine.cpu.memory().readLong(died.registers().rsp())).isEqualTo(Machine.CODE + 13);
  }

  @Test
  void functionMayEndTheGuest() {
    machine.traps(
        (slot, frame) -> {
          throw new GuestOops("deadlock");
        });
    machine.code("53 " + callSlot(0) + "5b c3");
    assertThat(machine.died().fault()).isEqualTo(new CpuFault.Oops("deadlock"));
    machine.traps((slot, frame) -> 4);
    assertThat(machine.result()).isEqualTo(4);
  }

  @Test
  void mistakeOfAFunctionIsThrownAndTheNextCallWorks() {
    machine.traps(
        (slot, frame) -> {
          throw new UnsupportedOperationException("bug");
        });
    machine.code("53 " + callSlot(0) + "5b c3");
    assertThatThrownBy(machine::call).isInstanceOf(UnsupportedOperationException.class);
    machine.traps((slot, frame) -> 4);
    assertThat(machine.result()).isEqualTo(4);
  }

  @Test
  void functionMayMapUnmapAndPatchTheCodeThatCalledIt() {
    machine.traps(
        (slot, frame) -> {
          machine.map(Machine.DATA + 0x5000, 0x1000, Protection.READ_WRITE);
          machine.cpu.memory().writeLong(Machine.DATA + 0x5000, 40);
          machine.cpu.memory().unmap(Machine.CONSTANTS);
          // the instruction after the call: was ud2, is add rax, 2
          machine.codeAt(Machine.CODE + 13, "4883c002");
          return 0;
        });
    machine.code(
        "53 "
            + callSlot(0)
            + "0f0b9090"
            + "48b9%016x".formatted(Long.reverseBytes(Machine.DATA + 0x5000))
            + "480301 5b c3");
    assertThat(machine.result()).isEqualTo(42);
  }

  @Test
  void middleOfASlotIsNotAFunction() {
    machine.traps((slot, frame) -> 1);
    for (int offset = 1; offset < 16; offset++) {
      machine.code("48b8%016x".formatted(Long.reverseBytes(Machine.SLOTS + 16 + offset)) + "ffe0");
      assertThat(machine.call()).as("offset %d", offset).isInstanceOf(CpuOutcome.Died.class);
    }
  }

  @Test
  void returnAndContinuationSlotsCannotBeForged() {
    machine.traps((slot, frame) -> 1);
    for (long address : new long[] {UnicornCpu.RETURN, UnicornCpu.CONTINUE, UnicornCpu.EXIT}) {
      machine.code("53 48b8%016x".formatted(Long.reverseBytes(address)) + "ffe0");
      assertThat(machine.call()).isInstanceOf(CpuOutcome.Died.class);
    }
  }
}
