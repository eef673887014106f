package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.TrapFrame;

/**
 * sort(base, num, size, cmp, swap) and sort_r(…, priv): the bottom-up heap sort of lib/sort.c, with
 * the same comparisons and swaps in the same order. Offsets are in bytes from the base.
 *
 * <p>The heap property: an element is not less than its children; the children of the element at
 * {@code b} are at {@code 2b + size} and {@code 2b + 2 size}.
 */
final class HeapSort {
  private final TrapFrame frame;
  private final long base;
  private final long size;
  private final long compare;
  private final long swap;
  private final boolean withPrivate;
  private final long privateArgument;

  /** Elements before this are not sifted yet. */
  private long root;

  /** End of the heap; what is beyond is sorted. */
  private long end;

  /** Where the sift has come to, and where the element belongs. */
  private long at;

  private long place;

  HeapSort(TrapFrame frame, boolean withPrivate) {
    this.frame = frame;
    this.base = frame.argument(0);
    this.size = frame.argument(2);
    this.compare = frame.argument(3);
    this.swap = frame.argument(4);
    this.withPrivate = withPrivate;
    this.privateArgument = withPrivate ? frame.argument(5) : 0;
    this.end = frame.argument(1) * size;
    this.root = (frame.argument(1) >>> 1) * size;
  }

  long start() {
    long count = frame.argument(1);
    if (Math.unsignedMultiplyHigh(count, size) != 0 || count * size < 0) {
      // Larger than half the address space: its end cannot be there.
      throw new GuestFault(base + Long.MAX_VALUE, Access.READ);
    }
    return root == 0 ? 0 : next();
  }

  /** Sifts one more element: while the heap is built the one before, then the last one's. */
  private long next() {
    if (root != 0) {
      root -= size;
      return descend(root);
    }
    end -= size;
    return end == 0 ? 0 : swap(0, end, () -> descend(0));
  }

  /** Goes down from {@code from} by the greater children, to a leaf. */
  private long descend(long from) {
    at = from;
    return down();
  }

  private long down() {
    long left = 2 * at + size;
    long right = left + size;
    if (Long.compareUnsigned(right, end) < 0) {
      return compare(
          left,
          right,
          order -> {
            at = order >= 0 ? left : right;
            return down();
          });
    }
    if (right == end) {
      at = left;
    }
    return ascend();
  }

  /** Goes back up to where the element belongs. */
  private long ascend() {
    if (at == root) {
      return shift();
    }
    return compare(
        root,
        at,
        order -> {
          if (order < 0) {
            return shift();
          }
          at = parent(at);
          return ascend();
        });
  }

  /** Moves the element to its place by swaps from the top down that path. */
  private long shift() {
    place = at;
    return shiftUp();
  }

  private long shiftUp() {
    if (at == root) {
      return next();
    }
    at = parent(at);
    return swap(at, place, this::shiftUp);
  }

  private long parent(long child) {
    long index = child / size;
    return (index - 1) / 2 * size;
  }

  private interface Step {
    long run();
  }

  private interface Decision {
    long on(int order);
  }

  private long compare(long first, long second, Decision then) {
    long[] arguments =
        withPrivate
            ? new long[] {base + first, base + second, privateArgument}
            : new long[] {base + first, base + second};
    frame.callGuest(compare, arguments, rax -> then.on((int) rax));
    return 0;
  }

  private long swap(long first, long second, Step then) {
    if (swap == 0) {
      GuestBytes.swap(frame.memory(), base + first, base + second, size);
      return then.run();
    }
    long[] arguments =
        withPrivate
            ? new long[] {base + first, base + second, size, privateArgument}
            : new long[] {base + first, base + second, size};
    frame.callGuest(swap, arguments, _ -> then.run());
    return 0;
  }
}
