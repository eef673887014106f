package io.linkout.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPagesTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void areZeroedAndAligned(boolean checked) throws HostPages.Exhausted {
    for (int round = 0; round < 5; round++) {
      try (HostPages pages = new HostPages(checked)) {
        for (int i = 1; i < 20; i++) {
          MemorySegment memory = pages.allocate(4096L * i);
          assertThat(memory.address() % 4096).isZero();
          assertThat(memory.byteSize()).isEqualTo(4096L * i);
          assertThat(memory.mismatch(MemorySegment.ofArray(new byte[4096 * i]))).isEqualTo(-1);
          memory.fill((byte) 0xff);
        }
      }
    }
  }

  @Test
  void areGoneOnceClosed() throws HostPages.Exhausted {
    HostPages pages = new HostPages(true);
    MemorySegment memory = pages.allocate(4096);
    pages.close();
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void goBackToTheSystem() throws HostPages.Exhausted, IOException {
    long before = residentKib();
    for (int i = 0; i < 100; i++) {
      try (HostPages pages = new HostPages(false)) {
        pages.allocate(64 << 20).fill((byte) 1);
      }
    }
    assertThat(residentKib() - before).isLessThan(1 << 20);
  }

  private static long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sayWhenThereIsNoMemory(boolean checked) {
    try (HostPages pages = new HostPages(checked)) {
      assertThatThrownBy(() -> pages.allocate(1L << 46)).isInstanceOf(HostPages.Exhausted.class);
    }
  }
}
