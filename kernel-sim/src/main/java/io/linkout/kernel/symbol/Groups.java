package io.linkout.kernel.symbol;

import java.util.Arrays;
import java.util.List;

/**
 * Exports by owner and region, for a leaf to be written: those of one group have addresses close
 * together. The biggest group comes first.
 */
final class Groups {
  /** Bits of the range of places beyond which no group is told without its number. */
  private static final int MAX_PLAIN_BITS = 40;

  private final AddressRegions regions;
  private int count;
  private int[] region = new int[8];
  private long[] owner = new long[8];
  private long[] least = new long[8];
  private long[] most = new long[8];
  private int[] members = new int[8];
  private int strays;
  private int[] of = new int[0];

  Groups(AddressRegions regions) {
    this.regions = regions;
  }

  /** Takes rows {@code from} to {@code to}, and nothing it had before. */
  void take(List<Row> rows, int from, int to) {
    count = 0;
    of = of.length < to - from ? new int[to - from] : of;
    for (int i = from; i < to; i++) {
      of[i - from] = put(rows.get(i).symbol());
    }
    int biggest = 0;
    for (int i = 1; i < count; i++) {
      biggest = members[i] > members[biggest] ? i : biggest;
    }
    swap(0, biggest);
    for (int i = 0; i < to - from; i++) {
      of[i] = of[i] == 0 ? biggest : of[i] == biggest ? 0 : of[i];
    }
    boolean plain = Leaf.bitsFor(most[0] - least[0]) <= MAX_PLAIN_BITS;
    strays = plain ? to - from - members[0] : to - from;
  }

  private int put(ExportedSymbol symbol) {
    int where = regions.of(symbol.address());
    long steps = regions.steps(where, symbol.address());
    int group = 0;
    while (group < count && (region[group] != where || owner[group] != symbol.owner())) {
      group++;
    }
    if (group == count) {
      if (count == region.length) {
        grow();
      }
      count++;
      region[group] = where;
      owner[group] = symbol.owner();
      least[group] = steps;
      most[group] = steps;
      members[group] = 0;
    }
    members[group]++;
    if (Long.compareUnsigned(steps, least[group]) < 0) {
      least[group] = steps;
    }
    if (Long.compareUnsigned(steps, most[group]) > 0) {
      most[group] = steps;
    }
    return group;
  }

  private void grow() {
    region = Arrays.copyOf(region, count * 2);
    owner = Arrays.copyOf(owner, count * 2);
    least = Arrays.copyOf(least, count * 2);
    most = Arrays.copyOf(most, count * 2);
    members = Arrays.copyOf(members, count * 2);
  }

  private void swap(int one, int other) {
    int oneRegion = region[one];
    region[one] = region[other];
    region[other] = oneRegion;
    int oneMembers = members[one];
    members[one] = members[other];
    members[other] = oneMembers;
    for (long[] values : List.of(owner, least, most)) {
      long value = values[one];
      values[one] = values[other];
      values[other] = value;
    }
  }

  /** Returns how many groups there are. */
  int count() {
    return count;
  }

  /** Returns how many exports have to tell their group. */
  int strays() {
    return strays;
  }

  /** Returns the bits of a place of an export, a stray's number or far above the first's lowest. */
  int placeBits(int exports) {
    return strays == exports
        ? Leaf.bitsFor(strays - 1L)
        : Leaf.bitsFor(strays + (most[0] - least[0]));
  }

  /** Returns the bits of the way from a group's lowest for strays. */
  int strayBits(int exports) {
    int bits = 0;
    for (int i = strays == exports ? 0 : 1; i < count; i++) {
      bits = Math.max(bits, Leaf.bitsFor(most[i] - least[i]));
    }
    return bits;
  }

  /** Returns the group of export {@code number}. */
  int of(int number) {
    return of[number];
  }

  /** Returns how far above the lowest of {@code group} an address is. */
  long above(int group, long address) {
    return regions.steps(region[group], address) - least[group];
  }

  /** Returns the region of {@code group}. */
  int region(int group) {
    return region[group];
  }

  /** Returns the owner of {@code group}. */
  long owner(int group) {
    return owner[group];
  }

  /** Returns the lowest place of {@code group} in steps of its region. */
  long least(int group) {
    return least[group];
  }
}
