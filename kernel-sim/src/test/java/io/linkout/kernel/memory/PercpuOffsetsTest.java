package io.linkout.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PercpuOffsetsTest {
  @Test
  void staysWithinThePartForModules() {
    PercpuOffsets offsets = new PercpuOffsets();
    List<Long> taken = new ArrayList<>();
    for (OptionalLong o = offsets.allocate(1000, 64);
        o.isPresent();
        o = offsets.allocate(1000, 64)) {
      assertThat(o.getAsLong())
          .isBetween(PercpuOffsets.START, PercpuOffsets.END - 1000)
          .satisfies(a -> assertThat(a % 64).isZero());
      taken.add(o.getAsLong());
    }
    assertThat(taken).hasSizeGreaterThan(350).doesNotHaveDuplicates();
    taken.forEach(a -> offsets.free(a, 1000));
    assertThat(offsets.allocate(PercpuOffsets.END - PercpuOffsets.START, 4096))
        .hasValue(PercpuOffsets.START);
  }

  @Test
  void hasNoRoomForMoreThanThereIs() {
    PercpuOffsets offsets = new PercpuOffsets();
    assertThat(offsets.allocate(Long.MAX_VALUE, 8)).isEmpty();
    assertThat(offsets.allocate(8, 8192)).as("more than a page of alignment").isEmpty();
  }
}
