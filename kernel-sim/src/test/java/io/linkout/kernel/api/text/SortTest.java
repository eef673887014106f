package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.GuestMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sorting and searching with comparisons in guest code. */
class SortTest {
  private final TextBench bench = new TextBench();
  private final GuestMemory memory = bench.trap.memory();
  private final long byInt =
      bench.trap.function(a -> Integer.compare(memory.readInt(a[0]), memory.readInt(a[1])));

  private long ints(int... values) {
    long address = bench.trap.room(4 * values.length);
    for (int i = 0; i < values.length; i++) {
      memory.writeInt(address + 4L * i, values[i]);
    }
    return address;
  }

  private int[] read(long address, int count) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = memory.readInt(address + 4L * i);
    }
    return values;
  }

  @Test
  void sortsEverySize() {
    SplittableRandom random = new SplittableRandom(3);
    long mark = bench.trap.mark();
    for (int size = 0; size < 70; size++) {
      int[] values = random.ints(size, -20, 20).toArray();
      long address = ints(values);
      bench.call("sort", address, size, 4, byInt, 0);
      Arrays.sort(values);
      assertThat(read(address, size)).isEqualTo(values);
      bench.trap.rewind(mark);
    }
  }

  @Test
  void swapsByGuestCodeWithThePrivateArgument() {
    List<Long> privates = new ArrayList<>();
    long compare =
        bench.trap.function(
            a -> {
              privates.add(a[2]);
              return Integer.compare(memory.readInt(a[0]), memory.readInt(a[1]));
            });
    long swap =
        bench.trap.function(
            a -> {
              assertThat(a[2]).isEqualTo(4);
              privates.add(a[3]);
              int kept = memory.readInt(a[0]);
              memory.writeInt(a[0], memory.readInt(a[1]));
              memory.writeInt(a[1], kept);
              return 0;
            });
    long address = ints(5, 4, 3, 2, 1);
    bench.call("sort_r", address, 5, 4, compare, swap, 77);
    assertThat(read(address, 5)).containsExactly(1, 2, 3, 4, 5);
    assertThat(privates).isNotEmpty().containsOnly(77L);
  }

  @Test
  void comparesInLinuxOrder() {
    List<String> calls = new ArrayList<>();
    long address = ints(3, 1, 2);
    long compare =
        bench.trap.function(
            a -> {
              calls.add((a[0] - address) / 4 + ":" + (a[1] - address) / 4);
              return Integer.compare(memory.readInt(a[0]), memory.readInt(a[1]));
            });
    bench.call("sort", address, 3, 4, compare, 0);
    // Built by hand from lib/sort.c: sift down 0; swap 0 and 2, only child 1; swap 0 and 1.
    assertThat(calls).containsExactly("1:2", "0:2", "0:1");
    assertThat(read(address, 3)).containsExactly(1, 2, 3);
  }

  @Test
  void searchesSortedArrays() {
    long address = ints(1, 3, 5, 7, 9, 11);
    for (int i = 0; i < 6; i++) {
      assertThat(bench.call("bsearch", ints(2 * i + 1), address, 6, 4, byInt))
          .isEqualTo(address + 4L * i);
      assertThat(bench.call("bsearch", ints(2 * i), address, 6, 4, byInt)).isZero();
    }
    assertThat(bench.call("bsearch", ints(1), address, 0, 4, byInt)).isZero();
  }

  @Test
  void sortsListsStably() {
    SplittableRandom random = new SplittableRandom(4);
    long compare =
        bench.trap.function(
            a -> {
              assertThat(a[0]).isEqualTo(55);
              return (long) memory.readInt(a[1] + 16) - memory.readInt(a[2] + 16);
            });
    for (int size = 0; size < 40; size++) {
      long mark = bench.trap.mark();
      long head = bench.trap.room(16);
      long[] nodes = new long[size];
      for (int i = 0; i < size; i++) {
        nodes[i] = bench.trap.room(32);
        memory.writeInt(nodes[i] + 16, random.nextInt(6));
        memory.writeInt(nodes[i] + 20, i);
      }
      link(head, nodes);
      bench.call("list_sort", 55, head, compare);
      checkSorted(head, size);
      bench.trap.rewind(mark);
    }
  }

  private void link(long head, long[] nodes) {
    long before = head;
    for (long node : nodes) {
      memory.writeLong(before, node);
      memory.writeLong(node + 8, before);
      before = node;
    }
    memory.writeLong(before, head);
    memory.writeLong(head + 8, before);
  }

  private void checkSorted(long head, int size) {
    int count = 0;
    long before = head;
    for (long node = memory.readLong(head); node != head; node = memory.readLong(node)) {
      assertThat(memory.readLong(node + 8)).isEqualTo(before);
      if (before != head) {
        assertThat(key(before)).isLessThan(key(node));
      }
      before = node;
      count++;
    }
    assertThat(memory.readLong(head + 8)).isEqualTo(before);
    assertThat(count).isEqualTo(size);
  }

  private long key(long node) {
    return memory.readInt(node + 16) * 1000L + memory.readInt(node + 20);
  }
}
