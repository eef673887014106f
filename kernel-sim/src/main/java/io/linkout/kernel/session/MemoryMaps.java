package io.linkout.kernel.session;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.MappedRegion;
import io.linkout.kernel.cpu.Protection;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.HandleTable;
import io.linkout.kernel.module.PlacedSegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Joins what the CPU has mapped with what is only allocated. */
final class MemoryMaps {
  private MemoryMaps() {}

  /** Returns {@code mapped} and the segments of handles that are not mapped, by address. */
  static List<MappedRegion> withHandles(List<MappedRegion> mapped, HandleTable handles) {
    List<MappedRegion> all = new ArrayList<>(mapped);
    Set<Long> there = new HashSet<>();
    mapped.forEach(r -> there.add(r.address()));
    for (Handle handle : handles.handles()) {
      for (PlacedSegment segment : handle.segments()) {
        if (segment.kind() != LoadImage.Kind.PERCPU && !there.contains(segment.address())) {
          all.add(
              new MappedRegion(
                  segment.address(),
                  segment.takenBytes(),
                  Protection.NONE.text(),
                  "allocated " + segment.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                  handle.label()));
        }
      }
    }
    all.sort(Comparator.comparing(MappedRegion::address, Long::compareUnsigned));
    return all;
  }
}
