package io.linkout.kernel.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.Protection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static final long PAGE = GuestLayout.PAGE;

  private final Machine machine = new Machine();

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void patchedCodeIsWhatRuns() {
    for (int i = 0; i < 50; i++) {
      machine.code("b8%02x000000 c3".formatted(i));
      assertThat(machine.result()).isEqualTo(i);
    }
  }

  @Test
  void patchInTheMiddleOfABlockIsSeen() {
    machine.code("b801000000 90 90 90 90 90 c3");
    assertThat(machine.result()).isEqualTo(1);
    machine.codeAt(Machine.CODE + 5, "b802000000");
    assertThat(machine.result()).isEqualTo(2);
  }

  @Test
  void patchOnASecondPageIsSeen() {
    machine.map(Machine.CODE + 0x10000, 3 * PAGE, Protection.READ_EXECUTE);
    long at = Machine.CODE + 0x10000 + 2 * PAGE - 2; // straddles pages 1 and 2
    machine.codeAt(at, "b801000000 c3");
    assertThat(call(at)).isEqualTo(1);
    machine.codeAt(at + 2, "05");
    assertThat(call(at)).isEqualTo(0x501);
    machine.codeAt(at + 1, "02");
    assertThat(call(at)).isEqualTo(0x502);
  }

  private long call(long function) {
    return ((io.linkout.kernel.cpu.CpuOutcome.Returned)
            machine.call(function, Machine.SECOND, new long[0]))
        .rax();
  }

  @Test
  void newCodeAtAnOldAddressIsWhatRuns() {
    long at = Machine.CODE + 0x10000;
    for (int i = 0; i < 300; i++) {
      machine.map(at, PAGE, Protection.READ_EXECUTE);
      machine.codeAt(at, "b8%08x c3".formatted(Integer.reverseBytes(i)));
      assertThat(call(at)).isEqualTo(i);
      machine.cpu.memory().unmap(at);
    }
  }

  @Test
  void unmappedMemoryIsGone() {
    machine.code("8a07 c3");
    assertThat(machine.result(Machine.CONSTANTS)).isZero();
    machine.cpu.memory().unmap(Machine.CONSTANTS);
    machine.assertDies(
        new CpuFault.Page(Machine.CONSTANTS, Access.READ, false), 0, Machine.CONSTANTS);
  }

  @Test
  void protectionChangesAreSeenAtOnce() {
    machine.code("8a07 8807 c3");
    assertThat(machine.call(Machine.DATA)).isEqualTo(machine.call(Machine.DATA));
    machine.cpu.memory().protect(Machine.DATA, Protection.READ);
    machine.assertDies(new CpuFault.Page(Machine.DATA, Access.WRITE, true), 2, Machine.DATA);
    machine.cpu.memory().protect(Machine.DATA, Protection.READ_WRITE);
    machine.result(Machine.DATA);
    machine.cpu.memory().protect(Machine.DATA, Protection.NONE);
    machine.assertDies(new CpuFault.Page(Machine.DATA, Access.READ, false), 0, Machine.DATA);
  }

  @Test
  void executableMayBecomeDataAndBack() {
    long at = Machine.CODE + 0x10000;
    machine.map(at, PAGE, Protection.READ_EXECUTE);
    machine.codeAt(at, "b801000000 c3");
    assertThat(call(at)).isEqualTo(1);
    machine.cpu.memory().protect(at, Protection.READ_WRITE);
    machine.code("ffe7");
    assertThat(machine.died(at).fault()).isEqualTo(new CpuFault.Page(at, Access.FETCH, true));
    machine.cpu.memory().writeByte(at + 1, 2);
    machine.cpu.memory().protect(at, Protection.READ_EXECUTE);
    assertThat(call(at)).isEqualTo(2);
  }

  @Test
  void guestSeesWhatJavaWritesAndTheOtherWayRound() {
    machine.code("488b07 48ff07 c3");
    for (long i = 0; i < 10; i++) {
      machine.cpu.memory().writeLong(Machine.DATA, i * 3);
      assertThat(machine.result(Machine.DATA)).isEqualTo(i * 3);
      assertThat(machine.cpu.memory().readLong(Machine.DATA)).isEqualTo(i * 3 + 1);
    }
  }

  @Test
  void moreMappingsThanAreLiveAtATime() {
    int count = 3 * LiveMemory.LIMIT;
    long base = GuestLayout.DIRECT_MAP + 0x100_0000;
    for (int i = 0; i < count; i++) {
      machine.map(base + i * 2L * PAGE, PAGE, Protection.READ_WRITE);
      machine.cpu.memory().writeLong(base + i * 2L * PAGE, i + 1);
    }
    assertThat(machine.cpu.liveMappings()).isLessThan(10);
    // one call that adds them all: rax += [rdi]; rdi += 8192; while (--esi)
    machine.code("31c0 480307 4881c700200000 ffce 75f2 c3");
    for (int round = 0; round < 3; round++) {
      assertThat(machine.result(base, count)).isEqualTo((long) count * (count + 1) / 2);
      assertThat(machine.cpu.liveMappings()).isLessThanOrEqualTo(LiveMemory.LIMIT);
    }
  }

  @Test
  void codeThatWasRetiredComesBack() {
    int count = 2 * LiveMemory.LIMIT;
    long base = Machine.CODE + 0x100000;
    for (int i = 0; i < count; i++) {
      machine.map(base + i * 2L * PAGE, PAGE, Protection.READ_EXECUTE);
      // each adds one and jumps to the next: add eax, 1; jmp +8192-8
      machine.codeAt(base + i * 2L * PAGE, i + 1 < count ? "83c001 e9f81f0000" : "83c001 c3");
    }
    machine.code("31c0 ffe7");
    for (int round = 0; round < 3; round++) {
      assertThat(machine.result(base)).isEqualTo(count);
    }
  }

  @Test
  void flagsSurviveTheComingOfMemory() {
    long base = GuestLayout.DIRECT_MAP + 0x100_0000;
    for (int i = 0; i < LiveMemory.LIMIT + 20; i++) {
      machine.map(base + i * 2L * PAGE, PAGE, Protection.READ_WRITE);
    }
    // carry set by cmp, a load of new memory, then adc eax, 0; per round
    machine.code("31c0 83fe00 f9 488b0f 83d000 4881c700200000 ffce 75eb c3");
    assertThat(machine.result(base, LiveMemory.LIMIT + 20)).isEqualTo(LiveMemory.LIMIT + 20);
  }

  @Test
  void engineIsReplacedWhenMuchWasTranslated() {
    machine.cpu.gsBase(Machine.DATA);
    machine.map(Machine.CODE + 0x100000, 64 * PAGE, Protection.READ_EXECUTE);
    long end = Machine.CODE + 0x100000 + 64 * PAGE;
    byte[] nops = new byte[(int) (64 * PAGE)];
    java.util.Arrays.fill(nops, (byte) 0x90);
    machine.cpu.memory().patch(Machine.CODE + 0x100000, nops);
    machine.codeAt(end - 10, "65488b042500000000 c3");
    Vm first = machine.cpu.vm();
    for (int i = 0; i < 1 + UnicornCpu.RENEWAL / nops.length; i++) {
      machine.cpu.memory().writeLong(Machine.DATA, i);
      machine.cpu.memory().patch(Machine.CODE + 0x100000, nops);
      machine.codeAt(end - 10, "65488b042500000000 c3");
      assertThat(call(Machine.CODE + 0x100000)).isEqualTo(i);
    }
    assertThat(call(end - 10)).isNotZero();
    assertThat(machine.cpu.vm()).isNotSameAs(first);
    machine.code("ffe7");
    assertThat(machine.died(0).fault()).isEqualTo(new CpuFault.Page(0, Access.FETCH, false));
  }

  @Test
  void manyMappingsComeAndGo() {
    Random random = new Random(7);
    long base = Machine.CODE + 0x100000;
    boolean[] there = new boolean[64];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment[] host = new MemorySegment[there.length];
      for (int i = 0; i < host.length; i++) {
        host[i] = arena.allocate(PAGE, PAGE);
      }
      for (int round = 0; round < 2000; round++) {
        int i = random.nextInt(there.length);
        long at = base + i * 3L * PAGE;
        if (there[i]) {
          machine.cpu.memory().unmap(at);
        } else {
          machine.cpu.memory().map(at, host[i], Protection.READ_EXECUTE, "test", "");
          machine.codeAt(at, "b8%08x c3".formatted(Integer.reverseBytes(round)));
          assertThat(call(at)).isEqualTo(round);
        }
        there[i] = !there[i];
      }
      for (int i = 0; i < there.length; i++) {
        if (there[i]) {
          machine.cpu.memory().unmap(base + i * 3L * PAGE);
        }
      }
    }
  }
}
