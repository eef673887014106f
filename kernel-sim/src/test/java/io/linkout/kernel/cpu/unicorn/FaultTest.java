package io.linkout.kernel.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.Protection;
import io.linkout.kernel.cpu.Registers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {
  private final Machine machine = new Machine();

  @AfterEach
  void nextCallWorks() {
    machine.cpu.onFault((fault, registers) -> 0);
    machine.code("b82a000000 c3");
    assertThat(machine.result()).isEqualTo(42);
    machine.close();
  }

  private static CpuFault page(long address, Access access, boolean mapped) {
    return new CpuFault.Page(address, access, mapped);
  }

  @Test
  void readOfNothing() {
    machine.code("ffc1 90 488b4710 c3"); // in the middle of a translated block
    Registers registers = machine.assertDies(page(0x10, Access.READ, false), 3, 0);
    assertThat(registers.rcx()).isEqualTo(1);
  }

  @Test
  void writeToNothing() {
    machine.code("90 48893e c3"); // mov [rsi], rdi
    machine.assertDies(page(0xdead_0008L, Access.WRITE, false), 1, 7, 0xdead_0008L);
  }

  @Test
  void writeToConstants() {
    machine.code("90 8807 c3");
    machine.assertDies(page(Machine.CONSTANTS + 5, Access.WRITE, true), 1, Machine.CONSTANTS + 5);
  }

  @Test
  void constantsAreReadable() {
    machine.cpu.memory().patch(Machine.CONSTANTS, new byte[] {9});
    machine.code("0fb607 c3");
    assertThat(machine.result(Machine.CONSTANTS)).isEqualTo(9);
  }

  @Test
  void writeToCode() {
    machine.code("90 8807 c3");
    machine.assertDies(page(Machine.CODE + 1, Access.WRITE, true), 1, Machine.CODE + 1);
  }

  @Test
  void guardMappingsAllowNothing() {
    machine.map(Machine.DATA + 0x1000, 0x1000, Protection.NONE);
    machine.code("90 8a07 c3");
    machine.assertDies(page(Machine.DATA + 0x1000, Access.READ, false), 1, Machine.DATA + 0x1000);
    machine.code("90 8807 c3");
    machine.assertDies(page(Machine.DATA + 0x1fff, Access.WRITE, false), 1, Machine.DATA + 0x1fff);
  }

  @Test
  void accessThatRunsIntoNothing() {
    machine.code("90 488b07 c3");
    machine.assertDies(page(Machine.DATA + 0x1000, Access.READ, false), 1, Machine.DATA + 0xffc);
  }

  @Test
  void jumpToNothing() {
    machine.code("90 ffe7");
    CpuOutcome.Died died = machine.died(0x1234);
    assertThat(died.fault()).isEqualTo(page(0x1234, Access.FETCH, false));
    assertThat(died.registers().rip()).isEqualTo(0x1234);
  }

  @Test
  void callOfNullLeavesTheReturnAddressOnTheStack() {
    machine.code("90 ffd7 c3");
    CpuOutcome.Died died = machine.died(0);
    assertThat(died.fault()).isEqualTo(page(0, Access.FETCH, false));
    assertThat(machine.cpu.memory().readLong(died.registers().rsp())).isEqualTo(Machine.CODE + 3);
  }

  @Test
  void dataIsNotExecutable() {
    machine.cpu.memory().writeByte(Machine.DATA + 8, 0xc3);
    machine.code("90 ffe7");
    // once cold, and once with the data already live
    for (int i = 0; i < 2; i++) {
      CpuOutcome.Died died = machine.died(Machine.DATA + 8);
      assertThat(died.fault()).isEqualTo(page(Machine.DATA + 8, Access.FETCH, true));
      machine.code("8a07 90 ffe7");
    }
  }

  @Test
  void nonCanonicalAddressesAreProtectionFaults() {
    machine.code("90 488b07 c3");
    machine.assertDies(new CpuFault.Protection(), 1, 0x0080_0000_0000_0000L);
    machine.code("90 ffe7");
    assertThat(machine.died(0x0080_0000_0000_0000L).fault()).isEqualTo(new CpuFault.Protection());
  }

  @Test
  void stackOverflowIsToldFromOtherFaults() {
    machine.code("50 e8faffffff"); // push rax; call self
    CpuOutcome.Died died = machine.died();
    assertThat(died.fault()).isInstanceOf(CpuFault.StackOverflow.class);
    assertThat(died.registers().rsp()).isEqualTo(Machine.STACK);
  }

  @ParameterizedTest
  @CsvSource({
    "0f0b", // ud2
    "0f0fc0ff", // an unknown 3DNow! instruction
    "0fff", // ud0
    "c5fcefc0", // AVX, which this CPU has not
    "0f01ca", // clac: no SMAP
    "0f33", // rdpmc
    "06" // push es
  })
  void invalidOpcodes(String code) {
    machine.code("90" + code);
    machine.assertDies(new CpuFault.InvalidOpcode(), 1);
  }

  @ParameterizedTest
  @CsvSource({
    "fa", // cli
    "fb", // sti
    "0f30", // wrmsr
    "0f32", // rdmsr
    "0f22d8", // mov cr3, rax
    "0f20c0", // mov rax, cr0
    "0f23f8", // mov dr7, rax
    "0f0117", // lgdt [rdi]
    "0f011f", // lidt [rdi]
    "0f00d8", // ltr ax
    "48cf", // iretq
    "48cb", // retf
    "ff2f", // jmp far [rdi]
    "8ed9", // mov ds, cx
    "8ee9", // mov gs, cx
    "0f013f", // invlpg [rdi]
    "0f09", // wbinvd
    "0f06", // clts
    "0f01f8" // swapgs
  })
  void privilegedInstructions(String code) {
    machine.code("4883ec40 b92b000000" + code + "c3");
    machine.cpu.memory().writeLong(Machine.DATA, Machine.CODE);
    machine.cpu.memory().writeLong(Machine.DATA + 8, 0x10);
    machine.assertDies(new CpuFault.Protection(), 9, Machine.DATA);
  }

  @ParameterizedTest
  @CsvSource({
    "f4, hlt",
    "e410, in",
    "e510, in",
    "ec, in",
    "ed, in",
    "66ed, in",
    "e610, out",
    "ee, out",
    "ef, out",
    "6c, ins",
    "6d, ins",
    "6e, outs",
    "6f, outs",
    "f36c, ins",
    "f36e, outs",
    "0f05, syscall",
    "c5f805, syscall",
    "0f34, sysenter"
  })
  void forbiddenInstructions(String code, String name) {
    // what comes before it in the block has happened, what comes after it has not
    machine.code("48ff07 9090" + code + "48ff07 c3");
    machine.assertDies(new CpuFault.Forbidden(name), 5, Machine.DATA);
    assertThat(machine.cpu.memory().readLong(Machine.DATA)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ffd8",
    "ffef", // far call and jump to a register
    "f03907",
    "f0833f01",
    "f0f007", // lock cmp, lock of nothing
    "f0a7",
    "f00fa307",
    "f00fbbc0",
    "f00fbae001",
    "f089c8",
    "f0ffd8",
    "66f24cf03907",
    "f090",
    "f0c3"
  })
  void instructionsThatUnicornWouldDieOf(String code) {
    machine.code("48ff07 9090" + code + "48ff07 c3");
    machine.assertDies(new CpuFault.InvalidOpcode(), 5, Machine.DATA);
    assertThat(machine.cpu.memory().readLong(Machine.DATA)).isEqualTo(1);
  }

  @Test
  void suchInstructionsInTheMiddleOfOthersAreFoundWhenJumpedTo() {
    // mov eax, imm; test rsi, rsi; je; ret; lea rcx, [rip - 17]: the immediate; jmp rcx
    machine.code("b8ffd89090 4885f6 7401 c3 488d0defffffff ffe1");
    assertThat(machine.result(Machine.DATA, 1)).isEqualTo(0x9090d8ffL);
    machine.assertDies(new CpuFault.InvalidOpcode(), 1, Machine.DATA, 0);
  }

  @Test
  void lockIsAllowedWhereItIs() {
    machine.code("f048ff07 f0480107 f00fb137 f0480fc137 f0834f0802 f00fba2f07 f0480fc74f10 c3");
    machine.result(Machine.DATA, 5);
  }

  @Test
  void codeAfterTheFirstRefusalStillRunsWhenResumed() {
    machine.cpu.onFault((fault, registers) -> registers.rip() + 1);
    machine.code("b801000000 f4 ffc0 ec 83c002 f4 c3");
    // eax is 2 after the first, in leaves it, then 4
    assertThat(machine.result()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"cd80, 128", "cc, 3", "cd03, 3", "cd20, 32", "cd01, 1"})
  void softwareInterrupts(String code, int vector) {
    machine.code("9090" + code + "c3");
    CpuOutcome.Died died = machine.died();
    assertThat(died.fault()).isEqualTo(new CpuFault.OtherVector(vector));
    if (vector != 1) {
      assertThat(died.registers().rip()).isEqualTo(Machine.CODE + 2);
    }
  }

  @Test
  void divisionByZeroAndOverflow() {
    machine.code("31d2 89f0 48f7f7 c3");
    machine.assertDies(new CpuFault.Divide(), 4, 0, 5);
    machine.code("b880000000 c1e018 99 f7ff c3"); // INT_MIN / -1
    machine.assertDies(new CpuFault.Divide(), 9, -1);
  }

  @Test
  void interruptFlagCannotBePopped() {
    machine.code("6a02 9d 9c 58 c3"); // popf of 2: IF and IOPL stay
    assertThat(machine.result() & 0x3200).isEqualTo(0x200);
  }

  @Test
  void segmentBaseCannotComeFromADescriptor() {
    machine.cpu.gsBase(Machine.DATA);
    machine.code("31c9 8ee9 65488b042500000000 c3"); // mov gs, 0: base 0
    machine.call();
    machine.cpu.memory().writeLong(Machine.DATA, 77);
    machine.code("65488b042500000000 c3");
    assertThat(machine.result()).isEqualTo(77);
  }

  @Test
  void handlerResumesAfterAnInvalidOpcodeWithFlagsIntact() {
    List<Registers> seen = new ArrayList<>();
    machine.cpu.onFault(
        (fault, registers) -> {
          seen.add(registers);
          return registers.rip() + 2;
        });
    // cmp edi, 5; ud2; setb al; movzx eax, al; ret
    machine.code("83ff05 0f0b 0f92c0 0fb6c0 c3");
    assertThat(machine.result(4)).isEqualTo(1);
    assertThat(machine.result(6)).isZero();
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0).rflags() & 1).isEqualTo(1);
    assertThat(seen.get(1).rflags() & 1).isZero();
  }

  @Test
  void handlerResumesAtFixupsWithRegistersSetAgainAndAgain() {
    machine.cpu.onFault(
        (fault, registers) -> {
          machine.cpu.setRegister(8, -14);
          return registers.rip() + 2;
        });
    // xmm3 = 7; three times: r8 = 0, mov al, [rdi]; rax += r8; then + xmm3
    machine.code(
        "b807000000 66480f6ed8 31c0 31d2"
            + "4531c0 8a1f 4c01c2"
            + "4531c0 881f 4c01c2"
            + "4531c0 8a1e 4c01c2"
            + "66480f7ed8 4801d0 c3");
    assertThat(machine.result(0x40, 0x8000_0000L)).isEqualTo(3 * -14 + 7);
  }

  @Test
  void secondFaultAfterAResumedOneIsNotADoubleFault() {
    int[] count = new int[1];
    machine.cpu.onFault((fault, registers) -> count[0]++ == 0 ? registers.rip() + 2 : 0);
    machine.code("8a07 90 31c9 f7f1 c3");
    machine.assertDies(new CpuFault.Divide(), 5, 0);
    count[0] = 0;
    machine.code("8a07 90 8a06 c3");
    machine.assertDies(page(0x50, Access.READ, false), 3, 0, 0x50);
  }

  @Test
  void stackPointerMayBeNonsense() {
    machine.code("4889fc 50 c3");
    machine.assertDies(page(0xff8, Access.WRITE, false), 3, 0x1000);
    machine.code("4889fc c3");
    machine.assertDies(page(0x1000, Access.READ, false), 3, 0x1000);
    machine.code("4889fc 48b8%016x ffe0".formatted(Long.reverseBytes(Machine.SLOTS)));
    machine.traps((slot, frame) -> 0);
    assertThat(machine.died(0x1000).fault())
        .isEqualTo(new CpuFault.FunctionPage(0x1000, Access.READ));
  }
}
