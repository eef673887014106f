package io.linkout.rpc;

import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.PlacedSegment;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.SegmentSpec;
import java.util.ArrayList;
import java.util.List;

/** The space that a fake kernel gives, each segment in the pages after the one before. */
public final class FakeSpace {
  /** Where the first segment of the first module lies. */
  public static final long FIRST = 0xffffffffa0000000L;

  private static final long PERCPU = 0x20000;

  private List<PlacedSegment> placed = List.of();
  private long next = FIRST;

  /** Answers an Allocate of {@code segments}; the handle is always 1. */
  public Allocated allocate(List<SegmentSpec> segments) {
    Allocated.Builder allocated = Allocated.newBuilder().setHandle(1);
    placed = new ArrayList<>();
    for (SegmentSpec segment : segments) {
      long address = segment.getKind() == SegmentKind.PERCPU ? PERCPU : next;
      next += (segment.getSize() + 0xfff) & ~0xfffL;
      allocated.addAddresses(address);
      placed.add(
          PlacedSegment.newBuilder()
              .setKind(segment.getKind())
              .setAddress(address)
              .setSize(segment.getSize())
              .build());
    }
    return allocated.build();
  }

  /** Returns where the segments that were asked for last lie. */
  public List<PlacedSegment> placed() {
    return placed;
  }
}
