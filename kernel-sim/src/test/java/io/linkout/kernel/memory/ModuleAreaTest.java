package io.linkout.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.GuestLayout;
import org.junit.jupiter.api.Test;

class ModuleAreaTest {
  private final ModuleArea area = new ModuleArea();

  @Test
  void leavesAPageBetweenNeighbours() {
    long first = area.allocate(1, 1).orElseThrow();
    long second = area.allocate(GuestLayout.PAGE + 1, 1).orElseThrow();
    long third = area.allocate(1, 1).orElseThrow();
    assertThat(first).isEqualTo(GuestLayout.MODULES);
    assertThat(second).isEqualTo(first + 2 * GuestLayout.PAGE);
    assertThat(third).isEqualTo(second + 3 * GuestLayout.PAGE);
  }

  @Test
  void keepsGivingTheSameSpaceBack() {
    long free = area.freeBytes();
    long address = area.allocate(100_000, 1 << 16).orElseThrow();
    assertThat(address % (1 << 16)).isZero();
    assertThat(area.freeBytes()).isLessThan(free - 100_000);
    area.free(address, 100_000);
    assertThat(area.freeBytes()).isEqualTo(free);
  }

  @Test
  void staysBelowItsEnd() {
    long all = GuestLayout.MODULES_END - GuestLayout.MODULES;
    assertThat(area.allocate(all, 1)).as("no room for the guard").isEmpty();
    assertThat(area.allocate(all + 1, 1)).isEmpty();
    assertThat(area.allocate(Long.MAX_VALUE, 1)).isEmpty();
    assertThat(area.allocate(all - GuestLayout.PAGE, 1)).hasValue(GuestLayout.MODULES);
    assertThat(area.freeBytes()).isZero();
    assertThat(area.allocate(1, 1)).isEmpty();
  }
}
