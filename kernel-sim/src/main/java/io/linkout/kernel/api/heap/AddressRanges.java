package io.linkout.kernel.api.heap;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Free ranges of an address space, given out first fit and merged when they come back. */
final class AddressRanges {
  private final TreeMap<Long, Long> free = new TreeMap<>();

  /** All of {@code [start, end)}; neither may cross the sign bit. */
  AddressRanges(long start, long end) {
    free.put(start, end - start);
  }

  /**
   * Takes {@code size} bytes.
   *
   * @param alignment a power of two
   */
  OptionalLong take(long size, long alignment) {
    for (Map.Entry<Long, Long> range : free.entrySet()) {
      long start = range.getKey();
      long aligned = (start + alignment - 1) & -alignment;
      long end = start + range.getValue();
      if (aligned >= start && size <= end - aligned) {
        free.remove(start);
        put(start, aligned - start);
        put(aligned + size, end - aligned - size);
        return OptionalLong.of(aligned);
      }
    }
    return OptionalLong.empty();
  }

  /** Gives back exactly what {@link #take} gave. */
  void giveBack(long start, long size) {
    long from = start;
    long to = start + size;
    Map.Entry<Long, Long> below = free.floorEntry(start);
    if (below != null && below.getKey() + below.getValue() == from) {
      from = below.getKey();
    }
    Long above = free.remove(to);
    if (above != null) {
      to += above;
    }
    free.put(from, to - from);
  }

  /** Returns whether nothing of the {@code size} bytes at {@code start} is taken. */
  boolean isFree(long start, long size) {
    Long length = free.get(start);
    return length != null && length == size;
  }

  private void put(long start, long size) {
    if (size > 0) {
      free.put(start, size);
    }
  }
}
