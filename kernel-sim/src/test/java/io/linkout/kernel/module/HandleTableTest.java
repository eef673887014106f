package io.linkout.kernel.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.api.LoadImage.Kind;
import io.linkout.kernel.memory.PercpuOffsets;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandleTableTest {
  private static final Owner OWNER = new Owner(1, 2, 3);

  private final HandleTable table = new HandleTable();

  private Handle allocate(SegmentSpec... specs) {
    return table.allocate(OWNER, "x", List.of(specs));
  }

  private void refused(Refusal.Kind kind, SegmentSpec... specs) {
    long free = table.freeBytes();
    assertThatThrownBy(() -> allocate(specs))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.kind()).isEqualTo(kind));
    assertThat(table.freeBytes()).isEqualTo(free);
    assertThat(table.count()).isZero();
    assertThat(table.handleBytes()).isZero();
  }

  @Test
  void allOfAnAllocationOrNothing() {
    refused(
        Refusal.Kind.NO_MEMORY,
        new SegmentSpec(Kind.TEXT, 4096, 4096),
        new SegmentSpec(Kind.DATA, 1L << 40, 4096));
    refused(
        Refusal.Kind.NO_MEMORY,
        new SegmentSpec(Kind.PERCPU, 4096, 64),
        new SegmentSpec(Kind.PERCPU, PercpuOffsets.END - PercpuOffsets.START, 64));
    allocate(new SegmentSpec(Kind.PERCPU, PercpuOffsets.END - PercpuOffsets.START, 64));
  }

  @Test
  void sizesAndAlignmentsMakeSense() {
    for (long size : new long[] {0, -1, Long.MIN_VALUE}) {
      refused(Refusal.Kind.INVALID, new SegmentSpec(Kind.TEXT, size, 4096));
    }
    for (long alignment : new long[] {0, 3, -4096, Long.MIN_VALUE, 1L << 31}) {
      refused(Refusal.Kind.INVALID, new SegmentSpec(Kind.TEXT, 1, alignment));
    }
    refused(Refusal.Kind.INVALID, new SegmentSpec(Kind.PERCPU, 1, 8192));
  }

  @Test
  void theBooksBalance() {
    long free = table.freeBytes();
    Handle one = allocate(new SegmentSpec(Kind.TEXT, 1, 16), new SegmentSpec(Kind.PERCPU, 24, 8));
    Handle two = allocate(new SegmentSpec(Kind.DATA, 4097, 16));
    assertThat(one.bytes()).isEqualTo(4096 + 24);
    assertThat(two.bytes()).isEqualTo(8192);
    assertThat(table.handleBytes()).isEqualTo(4096 + 24 + 8192);
    assertThat(table.count()).isEqualTo(2);
    table.free(one);
    assertThat(table.handleBytes()).isEqualTo(8192);
    assertThatThrownBy(() -> table.free(one)).isInstanceOf(IllegalStateException.class);
    table.free(two);
    assertThat(table.freeBytes()).isEqualTo(free);
  }

  @Test
  void writesStayInTheirSegment() {
    Handle handle = allocate(new SegmentSpec(Kind.DATA, 100, 8));
    handle.write(0, 92, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    assertThat(handle.segments().getFirst().host().get(ValueLayout.JAVA_BYTE, 99))
        .isEqualTo((byte) 8);
    handle.write(0, 100, ByteBuffer.allocate(0));
    for (long offset : new long[] {93, 100, 101, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> handle.write(0, offset, ByteBuffer.allocate(8)))
          .isInstanceOfSatisfying(
              Refusal.class, r -> assertThat(r.kind()).isEqualTo(Refusal.Kind.MISUSE));
    }
    for (long segment : new long[] {1, -1, 0xffff_ffffL}) {
      assertThatThrownBy(() -> handle.write(segment, 0, ByteBuffer.allocate(8)))
          .isInstanceOfSatisfying(
              Refusal.class, r -> assertThat(r.kind()).isEqualTo(Refusal.Kind.MISUSE));
    }
  }
}
