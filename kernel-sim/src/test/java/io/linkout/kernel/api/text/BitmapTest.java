package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Bit searches and bitmaps, against java.util.BitSet. */
class BitmapTest {
  private final TextBench bench = new TextBench();
  private final SplittableRandom random = new SplittableRandom(11);

  private long map(BitSet bits) {
    long[] words = new long[4];
    long[] set = bits.toLongArray();
    System.arraycopy(set, 0, words, 0, set.length);
    return bench.trap.longs(words);
  }

  private BitSet read(long address, int size) {
    long[] words = new long[(size + 63) / 64];
    for (int i = 0; i < words.length; i++) {
      words[i] = bench.trap.memory().readLong(address + 8L * i);
    }
    BitSet bits = BitSet.valueOf(words);
    bits.clear(size, Math.max(size, bits.length()));
    return bits;
  }

  private BitSet some(int size) {
    BitSet bits = new BitSet();
    int density = random.nextInt(1, 20);
    for (int i = 0; i < size; i++) {
      bits.set(i, random.nextInt(density) == 0);
    }
    return bits;
  }

  private static long orSize(int found, int size) {
    return found < 0 || found > size ? size : found;
  }

  @Test
  void searches() {
    for (int round = 0; round < 300; round++) {
      long mark = bench.trap.mark();
      int size = random.nextInt(1, 256);
      int from = random.nextInt(0, size + 10);
      BitSet a = some(256);
      BitSet b = some(256);
      BitSet both = (BitSet) a.clone();
      both.and(b);
      BitSet less = (BitSet) a.clone();
      less.andNot(b);
      long first = map(a);
      long second = map(b);
      assertThat(bench.call("_find_first_bit", first, size))
          .isEqualTo(orSize(a.nextSetBit(0), size));
      assertThat(bench.call("_find_next_bit", first, size, from))
          .isEqualTo(orSize(a.nextSetBit(from), size));
      assertThat(bench.call("_find_first_zero_bit", first, size))
          .isEqualTo(orSize(a.nextClearBit(0), size));
      assertThat(bench.call("_find_next_zero_bit", first, size, from))
          .isEqualTo(orSize(a.nextClearBit(from), size));
      assertThat(bench.call("_find_last_bit", first, size))
          .isEqualTo(orSize(a.previousSetBit(size - 1), size));
      assertThat(bench.call("_find_first_and_bit", first, second, size))
          .isEqualTo(orSize(both.nextSetBit(0), size));
      assertThat(bench.call("_find_next_and_bit", first, second, size, from))
          .isEqualTo(orSize(both.nextSetBit(from), size));
      assertThat(bench.call("_find_next_andnot_bit", first, second, size, from))
          .isEqualTo(orSize(less.nextSetBit(from), size));
      bench.trap.rewind(mark);
    }
  }

  @Test
  void combines() {
    for (int round = 0; round < 200; round++) {
      long mark = bench.trap.mark();
      int size = random.nextInt(1, 256);
      BitSet a = some(size);
      BitSet b = some(size);
      long first = map(a);
      long second = map(b);
      long result = bench.trap.room(32);
      BitSet expected = (BitSet) a.clone();
      expected.and(b);
      assertThat(bench.call("__bitmap_and", result, first, second, size))
          .isEqualTo(expected.isEmpty() ? 0 : 1);
      assertThat(read(result, size)).isEqualTo(expected);
      assertThat(bench.call("__bitmap_intersects", first, second, size))
          .isEqualTo(expected.isEmpty() ? 0 : 1);
      assertThat(bench.call("__bitmap_weight_and", first, second, size))
          .isEqualTo(expected.cardinality());
      assertThat(bench.call("__bitmap_weight", first, size)).isEqualTo(a.cardinality());
      expected = (BitSet) a.clone();
      expected.andNot(b);
      assertThat(bench.call("__bitmap_subset", first, second, size))
          .isEqualTo(expected.isEmpty() ? 1 : 0);
      bench.call("__bitmap_andnot", result, first, second, size);
      assertThat(read(result, size)).isEqualTo(expected);
      expected = (BitSet) a.clone();
      expected.or(b);
      bench.call("__bitmap_or", result, first, second, size);
      assertThat(read(result, size)).isEqualTo(expected);
      expected = (BitSet) a.clone();
      expected.xor(b);
      bench.call("__bitmap_xor", result, first, second, size);
      assertThat(read(result, size)).isEqualTo(expected);
      assertThat(bench.call("__bitmap_equal", first, second, size)).isEqualTo(a.equals(b) ? 1 : 0);
      expected = (BitSet) a.clone();
      expected.flip(0, size);
      bench.call("__bitmap_complement", result, first, size);
      assertThat(read(result, size)).isEqualTo(expected);
      bench.trap.rewind(mark);
    }
  }

  @Test
  void assignsAndShifts() {
    for (int round = 0; round < 200; round++) {
      long mark = bench.trap.mark();
      int size = random.nextInt(1, 256);
      BitSet a = some(size);
      long map = map(a);
      int start = random.nextInt(size);
      int length = random.nextInt(size - start + 1);
      bench.call("__bitmap_set", map, start, length);
      a.set(start, start + length);
      assertThat(read(map, size)).isEqualTo(a);
      start = random.nextInt(size);
      length = random.nextInt(size - start + 1);
      bench.call("__bitmap_clear", map, start, length);
      a.clear(start, start + length);
      assertThat(read(map, size)).isEqualTo(a);
      int by = random.nextInt(size + 1);
      BitSet right = a.get(by, size);
      BitSet left = new BitSet();
      a.stream().filter(i -> i + by < size).forEach(i -> left.set(i + by));
      boolean inPlace = random.nextBoolean();
      long result = inPlace ? map : bench.trap.room(32);
      if (random.nextBoolean()) {
        bench.call("__bitmap_shift_right", result, map, by, size);
        assertThat(read(result, size)).isEqualTo(right);
      } else {
        bench.call("__bitmap_shift_left", result, map, by, size);
        assertThat(read(result, size)).isEqualTo(left);
      }
      bench.trap.rewind(mark);
    }
  }

  @Test
  void findsFreeAreasAndRegions() {
    long map = bench.trap.longs(0xffL, 0);
    assertThat(bench.call("bitmap_find_next_zero_area_off", map, 128, 0, 5, 0, 0)).isEqualTo(8);
    assertThat(bench.call("bitmap_find_next_zero_area_off", map, 128, 9, 5, 15, 0)).isEqualTo(16);
    assertThat(bench.call("bitmap_find_next_zero_area_off", map, 128, 0, 121, 0, 0))
        .isGreaterThan(128);
    assertThat(bench.call("bitmap_find_free_region", map, 128, 4)).isEqualTo(16);
    assertThat(bench.call("bitmap_allocate_region", map, 16, 2)).isEqualTo(-16);
    bench.call("bitmap_release_region", map, 16, 4);
    assertThat(bench.call("bitmap_allocate_region", map, 16, 2)).isZero();
    assertThat(bench.trap.memory().readLong(map)).isEqualTo(0xf00ffL);
    assertThat(bench.call("bitmap_find_free_region", map, 64, 6)).isEqualTo(-12);
  }

  @Test
  void convertsArraysAndClumps() {
    long words = bench.trap.longs(0x1234567889abcdefL, 0xffffffffL);
    long map = bench.trap.longs(-1, -1);
    bench.call("bitmap_from_arr32", map, words, 68);
    assertThat(bench.trap.memory().readLong(map)).isEqualTo(0x1234567889abcdefL);
    assertThat(bench.trap.memory().readLong(map + 8)).isEqualTo(0xf);
    long back = bench.trap.longs(0, 0);
    bench.call("bitmap_to_arr32", back, map, 40);
    assertThat(bench.trap.memory().readLong(back)).isEqualTo(0x7889abcdefL);
    long clump = bench.trap.longs(0);
    long sparse = bench.trap.longs(0x5a00000000L);
    assertThat(bench.call("find_next_clump8", clump, sparse, 64, 0)).isEqualTo(32);
    assertThat(bench.trap.memory().readLong(clump)).isEqualTo(0x5a);
    assertThat(bench.call("find_next_clump8", clump, sparse, 64, 40)).isEqualTo(64);
  }

  @Test
  void parsesText() {
    long map = bench.trap.longs(0, 0);
    assertThat(bench.call("bitmap_parselist", bench.text("0-3,8, 16-23:2/4\n"), map, 70)).isZero();
    assertThat(bench.trap.memory().readLong(map)).isEqualTo(0x33010fL);
    assertThat(bench.call("bitmap_parselist", bench.text("N"), map, 70)).isZero();
    assertThat(read(map, 70).nextSetBit(0)).isEqualTo(69);
    assertThat(bench.call("bitmap_parselist", bench.text("all"), map, 5)).isZero();
    assertThat(bench.trap.memory().readLong(map)).isEqualTo(0x1f);
    assertThat(bench.call("bitmap_parselist", bench.text("3-1"), map, 70)).isEqualTo(-22);
    assertThat(bench.call("bitmap_parselist", bench.text("70"), map, 70)).isEqualTo(-34);
    assertThat(bench.call("bitmap_parselist", bench.text("5:1/2"), map, 70)).isEqualTo(-22);
    assertThat(bench.call("bitmap_parselist", bench.text("99999999999"), map, 70)).isEqualTo(-75);
    assertThat(bench.call("bitmap_parse", bench.text("3,00000001\n"), -1, map, 64)).isZero();
    assertThat(bench.trap.memory().readLong(map)).isEqualTo(0x300000001L);
    assertThat(bench.call("bitmap_parse", bench.text("f"), -1, map, 3)).isEqualTo(-75);
    assertThat(bench.call("bitmap_parse", bench.text("1,2"), -1, map, 32)).isEqualTo(-75);
    assertThat(bench.call("bitmap_parse", bench.text("xyz"), -1, map, 32)).isEqualTo(-22);
    long page = (bench.trap.room(8192) + 4095) & -4096L;
    bench.trap.memory().writeLong(map, 0xf1);
    assertThat(bench.call("bitmap_print_to_pagebuf", 1, page, map, 8)).isEqualTo(6);
    assertThat(bench.read(page)).isEqualTo("0,4-7\n");
    assertThat(bench.call("bitmap_print_to_pagebuf", 0, page, map, 8)).isEqualTo(3);
    assertThat(bench.read(page)).isEqualTo("f1\n");
  }
}
