package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.TrapFrame;

/**
 * Sorting and searching with comparisons in guest code (lib/sort.c, lib/bsearch.c, lib/list_sort.c,
 * release 6.1). A kernel function cannot wait for guest code, so each is a sequence of steps: one
 * asks for a callback and names the step its result goes to.
 */
public final class SortFunctions {
  private SortFunctions() {}

  /** Declares them. */
  public static void declare(FunctionTable table) {
    table.real("sort", c -> new HeapSort(c, false).start());
    table.real("sort_r", c -> new HeapSort(c, true).start());
    table.real("bsearch", c -> new BinarySearch(c).step());
    table.real("list_sort", c -> new ListSort(c).start());
  }

  /** bsearch(key, base, num, size, cmp): the guest address of an equal element, or 0. */
  private static final class BinarySearch {
    private final TrapFrame frame;
    private final long key;
    private final long size;
    private final long compare;
    private long base;
    private long count;

    BinarySearch(TrapFrame frame) {
      this.frame = frame;
      this.key = frame.argument(0);
      this.base = frame.argument(1);
      this.count = frame.argument(2);
      this.size = frame.argument(3);
      this.compare = frame.argument(4);
    }

    long step() {
      if (count == 0) {
        return 0;
      }
      long pivot = base + (count >>> 1) * size;
      frame.callGuest(compare, new long[] {key, pivot}, rax -> compared(pivot, (int) rax));
      return 0;
    }

    private long compared(long pivot, int order) {
      if (order == 0) {
        return pivot;
      }
      if (order > 0) {
        base = pivot + size;
        count--;
      }
      count >>>= 1;
      return step();
    }
  }
}
