package io.linkout.kernel.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.CpuOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeaturesTest {
  private final Machine machine = new Machine();

  @AfterEach
  void close() {
    machine.close();
  }

  private boolean has(int word, int bit) {
    return (machine.cpu.features()[word] >>> bit & 1) != 0;
  }

  @Test
  void whatEveryModuleBuiltForX86NeedsIsThere() {
    assertThat(has(0, 26)).as("XMM2").isTrue();
    assertThat(has(3, 16)).as("REP_GOOD").isTrue();
    assertThat(has(3, 20)).as("NOPL").isTrue();
    assertThat(has(4, 13)).as("CX16").isTrue();
    assertThat(has(8, 16)).as("XENPV").isTrue();
  }

  @Test
  void claimsAgreeWithWhatRuns() {
    check(4, 23, "f30fb8c1", "POPCNT");
    check(4, 28, "c5fcefc0", "AVX");
    check(4, 1, "660f3a44c000", "PCLMULQDQ");
    check(4, 30, "0fc7f0", "RDRAND");
    check(4, 25, "660f38dcc0", "AES");
    check(9, 20, "0f01ca", "SMAP");
  }

  private void check(int word, int bit, String code, String name) {
    machine.code(code + "c3");
    assertThat(machine.call() instanceof CpuOutcome.Returned).as(name).isEqualTo(has(word, bit));
  }

  @Test
  void cpuidSaysTheSame() {
    machine.code("53 89f8 89f1 0fa2 89c8 5b c3"); // ecx of leaf edi, subleaf esi
    assertThat((int) machine.result(1, 0)).isEqualTo(machine.cpu.features()[4]);
    assertThat((int) machine.result(0x80000001L, 0)).isEqualTo(machine.cpu.features()[6]);
    machine.code("53 89f8 89f1 0fa2 89d0 5b c3"); // edx
    assertThat((int) machine.result(1, 0)).isEqualTo(machine.cpu.features()[0]);
    assertThat((int) machine.result(0x80000001L, 0)).isEqualTo(machine.cpu.features()[1]);
    machine.code("53 89f8 89f1 0fa2 89d8 5b c3"); // ebx
    assertThat((int) machine.result(7, 0)).isEqualTo(machine.cpu.features()[9]);
    assertThat((int) machine.result(0, 0)).as("vendor").isNotZero();
  }
}
