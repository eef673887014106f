package io.linkout.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class HostPagesTest {
  @Test
  void areZeroedAndAligned() throws HostPages.Exhausted {
    try (HostPages pages = new HostPages()) {
      for (int i = 1; i < 20; i++) {
        MemorySegment memory = pages.allocate(4096L * i);
        assertThat(memory.address() % 4096).isZero();
        assertThat(memory.mismatch(MemorySegment.ofArray(new byte[4096 * i]))).isEqualTo(-1);
        memory.fill((byte) 0xff);
      }
    }
  }

  @Test
  void areGoneOnceClosed() throws HostPages.Exhausted {
    HostPages pages = new HostPages();
    MemorySegment memory = pages.allocate(4096);
    pages.close();
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void sayWhenThereIsNoMemory() {
    try (HostPages pages = new HostPages()) {
      assertThatThrownBy(() -> pages.allocate(1L << 46)).isInstanceOf(HostPages.Exhausted.class);
    }
  }
}
