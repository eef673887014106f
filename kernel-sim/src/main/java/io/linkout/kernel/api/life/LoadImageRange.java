package io.linkout.kernel.api.life;

import java.util.ArrayList;
import java.util.List;

/** Guest addresses from {@code start} up to {@code end}. */
record LoadImageRange(long start, long end) {
  /** Returns the mapped segments of {@code module}. */
  static List<LoadImageRange> of(GuestModule module) {
    List<LoadImageRange> ranges = new ArrayList<>();
    module
        .mapped()
        .forEach(
            s -> ranges.add(new LoadImageRange(s.address(), s.address() + s.host().byteSize())));
    return ranges;
  }
}
