package io.linkout.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeAllocatorTest {
  private static final int CELLS = 512;
  private static final long BASE = 0xffffffffa0000000L;

  private record Taken(long place, long size) {}

  /** One flag a byte: the simplest thing that can be right. */
  private static final class Model {
    private final boolean[] taken = new boolean[CELLS];

    boolean fits(long size, long alignment) {
      for (int i = 0; i <= CELLS - size; i++) {
        if ((BASE + i) % alignment == 0 && free(i, size)) {
          return true;
        }
      }
      return false;
    }

    boolean free(int from, long size) {
      for (int i = from; i < from + (int) size; i++) {
        if (taken[i]) {
          return false;
        }
      }
      return true;
    }

    void set(long place, long size, boolean value) {
      int from = (int) (place - BASE);
      Arrays.fill(taken, from, from + (int) size, value);
    }

    long freeBytes() {
      long count = 0;
      for (boolean t : taken) {
        count += t ? 0 : 1;
      }
      return count;
    }

    int freeRanges() {
      int count = 0;
      for (int i = 0; i < CELLS; i++) {
        count += !taken[i] && (i == 0 || taken[i - 1]) ? 1 : 0;
      }
      return count;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithANaiveModel(long seed) {
    Random random = new Random(seed);
    RangeAllocator ranges = new RangeAllocator(BASE, BASE + CELLS);
    Model model = new Model();
    List<Taken> taken = new ArrayList<>();
    for (int step = 0; step < 5000; step++) {
      if (taken.isEmpty() || random.nextInt(100) < 55) {
        long size = 1L + random.nextInt(random.nextBoolean() ? 8 : 120);
        long alignment = 1L << random.nextInt(6);
        OptionalLong place = ranges.allocate(size, alignment);
        assertThat(place.isPresent()).isEqualTo(model.fits(size, alignment));
        if (place.isPresent()) {
          long start = place.getAsLong();
          assertThat(start % alignment).isZero();
          assertThat(start).isBetween(BASE, BASE + CELLS - size);
          assertThat(model.free((int) (start - BASE), size)).as("was free").isTrue();
          model.set(start, size, true);
          taken.add(new Taken(start, size));
        }
      } else {
        Taken one = taken.remove(random.nextInt(taken.size()));
        ranges.free(one.place(), one.size());
        model.set(one.place(), one.size(), false);
      }
      assertThat(ranges.freeBytes()).isEqualTo(model.freeBytes());
      assertThat(ranges.freeRanges()).as("neighbours are merged").isEqualTo(model.freeRanges());
    }
    taken.forEach(t -> ranges.free(t.place(), t.size()));
    assertThat(ranges.freeRanges()).isEqualTo(1);
    assertThat(ranges.allocate(CELLS, 1)).hasValue(BASE);
  }

  @Test
  void takesTheTightestHole() {
    RangeAllocator ranges = new RangeAllocator(0, 100);
    for (int i = 0; i < 10; i++) {
      assertThat(ranges.allocate(10, 1)).hasValue(10L * i);
    }
    ranges.free(0, 30);
    ranges.free(50, 10);
    assertThat(ranges.allocate(8, 1)).hasValue(50);
  }

  @Test
  void refusesToFreeWhatIsFree() {
    RangeAllocator ranges = new RangeAllocator(0, 100);
    assertThat(ranges.allocate(40, 1)).hasValue(0);
    ranges.free(10, 10);
    assertThatThrownBy(() -> ranges.free(10, 10)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ranges.free(5, 10)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ranges.free(15, 10)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ranges.free(0, 40)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ranges.free(-8, 8)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ranges.free(96, 8)).isInstanceOf(IllegalStateException.class);
    assertThat(ranges.freeBytes()).isEqualTo(70);
  }
}
