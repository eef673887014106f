package io.linkout.kernel.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.cpu.CpuOutcome;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallTest {
  private final Machine machine = new Machine();

  @AfterEach
  void close() {
    machine.close();
  }

  /** Sum of i+1 times argument i for twelve arguments, compiled by gcc -O1. */
  private static final String WEIGHTED =
      "488d04 77 488d1452 4801d0 488d0488".replace(" ", "")
          + "4f8d0480 4c01c0".replace(" ", "")
          + "4f8d0c49 4d01c9 4c01c8".replace(" ", "");

  @Test
  void addsArgumentsFromRegistersAndStack() {
    // rdi + 2 rsi + 3 rdx + 4 rcx + 5 r8 + 6 r9
    StringBuilder code = new StringBuilder(WEIGHTED);
    // + 7 [rsp+8] ... + 12 [rsp+48]: imul r10, [rsp+d], k; add rax, r10
    for (int i = 0; i < 6; i++) {
      code.append("4c6b5424%02x%02x4c01d0".formatted(8 + 8 * i, 7 + i));
    }
    machine.code(code + "c3");
    long[] twelve = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
    long expected = 0;
    for (int i = 0; i < 12; i++) {
      expected += (i + 1) * twelve[i];
    }
    assertThat(machine.result(twelve)).isEqualTo(expected);
    for (int n = 0; n <= 6; n++) {
      long[] some = Arrays.copyOf(twelve, n);
      long sum = 0;
      for (int i = 0; i < n; i++) {
        sum += (i + 1) * some[i];
      }
      machine.code(WEIGHTED + "c3");
      assertThat(machine.result(some)).isEqualTo(sum);
    }
  }

  @Test
  void stackIsAlignedAsTheAbiWants() {
    machine.code("4889e0 83e00f c3"); // rsp & 15 at entry
    assertThat(machine.result()).isEqualTo(8);
    assertThat(machine.result(1, 2, 3, 4, 5, 6, 7)).isEqualTo(8);
    assertThat(machine.result(1, 2, 3, 4, 5, 6, 7, 8)).isEqualTo(8);
  }

  @Test
  void nothingLeaksFromOneCallToTheNext() {
    // set rbx, r15, xmm1, the direction flag and mxcsr, and return
    machine.code(
        "48c7c311110000 49c7c722220000 660f76c9 fd"
            + "68c09f0000 0fae1424 58 c3"); // push 0x9fc0; ldmxcsr [rsp]; pop
    machine.result();
    // rbx | r15 | low xmm1 | df
    machine.code("4889d8 4c09f8 66480f7ec9 4809c8 9c 59 81e100040000 4809c8 c3");
    assertThat(machine.result()).isZero();
    machine.code("50 0fae1c24 58 c3"); // mxcsr
    assertThat(machine.result()).isEqualTo(0x1f80);
  }

  @Test
  void gsBaseIsThePerCpuArea() {
    machine.cpu.memory().writeLong(Machine.DATA + 0x28, 0x1234_5678_9abc_def0L);
    machine.cpu.gsBase(Machine.DATA);
    machine.code("65488b042528000000 c3");
    assertThat(machine.result()).isEqualTo(0x1234_5678_9abc_def0L);
    machine.cpu.gsBase(Machine.DATA + 8);
    assertThat(machine.result()).isZero();
  }

  @Test
  void callOnAnotherThreadIsRefused() throws InterruptedException {
    machine.code("c3");
    Throwable[] thrown = new Throwable[1];
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    machine.call();
                  } catch (IllegalStateException e) {
                    thrown[0] = e;
                  }
                });
    other.join();
    assertThat(thrown[0]).isNotNull();
    assertThat(machine.call()).isInstanceOf(CpuOutcome.Returned.class);
  }

  @Test
  void registersAreSetByFaultHandlersOnly() {
    assertThatThrownBy(() -> machine.cpu.setRegister(0, 1))
        .isInstanceOf(IllegalStateException.class);
  }
}
