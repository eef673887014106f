package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * list_sort(priv, head, cmp): a stable merge sort of a struct list_head (next at 0, prev at 8). The
 * order is taken out of the list, sorted, and linked anew at the end; comparisons see the elements,
 * never the links, so that differs from lib/list_sort.c in nothing a caller may rely on.
 */
final class ListSort {
  /** A list of more never ends, most likely: it does not come back to its head. */
  private static final int NODES_MAX = 1 << 22;

  private final TrapFrame frame;
  private final long privateArgument;
  private final long head;
  private final long compare;

  /** Sorted runs still to be merged in pairs, in list order. */
  private List<List<Long>> runs = new ArrayList<>();

  private List<List<Long>> merged = new ArrayList<>();
  private int pair;
  private int left;
  private int right;
  private List<Long> output = new ArrayList<>();

  ListSort(TrapFrame frame) {
    this.frame = frame;
    this.privateArgument = frame.argument(0);
    this.head = frame.argument(1);
    this.compare = frame.argument(2);
  }

  long start() {
    GuestMemory memory = frame.memory();
    for (long node = memory.readLong(head); node != head; node = memory.readLong(node)) {
      if (runs.size() == NODES_MAX) {
        throw WorkLimit.exceeded();
      }
      runs.add(List.of(node));
    }
    return runs.size() < 2 ? 0 : nextPair();
  }

  private long nextPair() {
    if (pair + 1 < runs.size()) {
      left = 0;
      right = 0;
      output = new ArrayList<>();
      return merge();
    }
    if (pair < runs.size()) {
      merged.add(runs.get(pair));
    }
    runs = merged;
    merged = new ArrayList<>();
    pair = 0;
    return runs.size() == 1 ? link(runs.getFirst()) : nextPair();
  }

  private long merge() {
    List<Long> first = runs.get(pair);
    List<Long> second = runs.get(pair + 1);
    if (left == first.size() || right == second.size()) {
      output.addAll(first.subList(left, first.size()));
      output.addAll(second.subList(right, second.size()));
      merged.add(output);
      pair += 2;
      return nextPair();
    }
    long[] arguments = {privateArgument, first.get(left), second.get(right)};
    frame.callGuest(compare, arguments, rax -> compared((int) rax));
    return 0;
  }

  private long compared(int order) {
    output.add(order > 0 ? runs.get(pair + 1).get(right++) : runs.get(pair).get(left++));
    return merge();
  }

  private long link(List<Long> sorted) {
    GuestMemory memory = frame.memory();
    long before = head;
    for (long node : sorted) {
      memory.writeLong(before, node);
      memory.writeLong(node + 8, before);
      before = node;
    }
    memory.writeLong(before, head);
    memory.writeLong(head + 8, before);
    return 0;
  }
}
