package io.linkout.kernel.memory;

import java.util.Comparator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Hands out ranges of a number line and takes them back: best fit, lowest address among equals,
 * neighbours merged. Free ranges are kept twice, by start and by size, so that taking one and
 * giving one back are logarithmic in the number of free ranges.
 *
 * <p>Only an alignment that the best fits happen to miss costs more: then every free range that is
 * big enough without its padding is looked at.
 */
public final class RangeAllocator {
  private record Range(long start, long size) {
    long end() {
      return start + size;
    }
  }

  private static final Comparator<Range> SMALLEST_FIRST =
      Comparator.comparingLong(Range::size).thenComparingLong(Range::start);

  private final long start;
  private final long end;
  private final TreeMap<Long, Range> byStart = new TreeMap<>();
  private final TreeSet<Range> bySize = new TreeSet<>(SMALLEST_FIRST);
  private long freeBytes;

  /**
   * An allocator for {@code [start, end)}, all of it free. Both bounds must have the same sign, so
   * that signed order is address order.
   *
   * @throws IllegalArgumentException if the bounds are not such a range
   */
  public RangeAllocator(long start, long end) {
    if (start >= end || (start < 0) != (end <= 0)) {
      throw new IllegalArgumentException(
          "not a range: " + Long.toHexString(start) + "-" + Long.toHexString(end));
    }
    this.start = start;
    this.end = end;
    insert(new Range(start, end - start));
  }

  /**
   * Takes {@code size} bytes whose start is a multiple of {@code alignment}.
   *
   * @param size bytes, more than 0
   * @param alignment bytes, a power of two
   * @return the start, or empty if no free range can hold them
   */
  public OptionalLong allocate(long size, long alignment) {
    if (size <= 0 || Long.bitCount(alignment) != 1 || alignment < 0) {
      throw new IllegalArgumentException("size " + size + ", alignment " + alignment);
    }
    NavigableSet<Range> fitting = bySize.tailSet(new Range(Long.MIN_VALUE, size), true);
    for (Range range : fitting) {
      long place = alignUp(range.start(), alignment);
      if (place >= range.start() && place <= range.end() - size) {
        take(range, place, size);
        return OptionalLong.of(place);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Gives back exactly what {@link #allocate} gave.
   *
   * @throws IllegalStateException if any of it is free already or lies outside
   */
  public void free(long place, long size) {
    Map.Entry<Long, Range> before = byStart.floorEntry(place);
    Map.Entry<Long, Range> after = byStart.ceilingEntry(place);
    if (size <= 0
        || place < start
        || place > end - size
        || (before != null && before.getValue().end() > place)
        || (after != null && after.getKey() < place + size)) {
      throw new IllegalStateException(
          "not allocated: " + Long.toHexString(place) + "+" + Long.toHexString(size));
    }
    long first = place;
    long last = place + size;
    if (before != null && before.getValue().end() == place) {
      first = before.getKey();
      remove(before.getValue());
    }
    if (after != null && after.getKey() == last) {
      last = after.getValue().end();
      remove(after.getValue());
    }
    insert(new Range(first, last - first));
  }

  /** Returns how many bytes are free, in whatever pieces. */
  public long freeBytes() {
    return freeBytes;
  }

  /** Returns in how many pieces they are. */
  int freeRanges() {
    return byStart.size();
  }

  private void take(Range range, long place, long size) {
    remove(range);
    if (place > range.start()) {
      insert(new Range(range.start(), place - range.start()));
    }
    if (place + size < range.end()) {
      insert(new Range(place + size, range.end() - place - size));
    }
  }

  private void insert(Range range) {
    byStart.put(range.start(), range);
    bySize.add(range);
    freeBytes += range.size();
  }

  private void remove(Range range) {
    byStart.remove(range.start());
    bySize.remove(range);
    freeBytes -= range.size();
  }

  private static long alignUp(long value, long alignment) {
    return (value + alignment - 1) & -alignment;
  }
}
