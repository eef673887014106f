package io.linkout.kernel.symbol;

import java.util.Arrays;
import java.util.List;

/**
 * Exports by owner and region, for a leaf to be written: those of one group have addresses close
 * together. First comes the group of those whose places are written plainly, at the least cost.
 */
final class Groups {
  private final AddressRegions regions;
  private int count;
  private int[] region = new int[8];
  private long[] owner = new long[8];
  private long[] least = new long[8];
  private long[] most = new long[8];
  private long[] last = new long[8];

  /** How far the exports of a group that rises are above their numbers in it, at most. */
  private long[] ahead = new long[8];

  private boolean[] rising = new boolean[8];
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
      of[i - from] = put(rows.get(i));
    }
    int plain = cheapest();
    swap(0, plain);
    for (int i = 0; i < to - from; i++) {
      of[i] = of[i] == 0 ? plain : of[i] == plain ? 0 : of[i];
    }
    strays = to - from - members[0];
  }

  /** Returns the group that makes the rest strays at the least cost. */
  private int cheapest() {
    int all = 0;
    int widest = 0;
    for (int i = 0; i < count; i++) {
      all += members[i];
      widest = bits(i) > bits(widest) ? i : widest;
    }
    int second = 0;
    for (int i = 0; i < count; i++) {
      second = i == widest ? second : Math.max(second, bits(i));
    }
    int numberBits = Leaf.bitsFor(count - 1L);
    int cheapest = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      int strayBits = numberBits + (i == widest ? second : bits(widest));
      long bits = (long) members[i] * plainBits(i) + (long) (all - members[i]) * strayBits;
      if (bits < least) {
        least = bits;
        cheapest = i;
      }
    }
    return cheapest;
  }

  private int bits(int group) {
    return Leaf.bitsFor(most[group] - least[group]);
  }

  private int plainBits(int group) {
    return rising[group] ? Leaf.bitsFor(ahead[group]) : bits(group);
  }

  private int put(Row row) {
    int where = regions.of(row.address());
    long steps = regions.steps(where, row.address());
    int group = 0;
    while (group < count && (region[group] != where || owner[group] != row.owner())) {
      group++;
    }
    if (group == count) {
      if (count == region.length) {
        grow();
      }
      count++;
      region[group] = where;
      owner[group] = row.owner();
      least[group] = steps;
      most[group] = steps;
      last[group] = steps;
      ahead[group] = 0;
      rising[group] = true;
      members[group] = 0;
    } else if (Long.compareUnsigned(steps, last[group]) <= 0) {
      rising[group] = false;
    }
    last[group] = steps;
    if (rising[group]) {
      // Where all rise the first is the lowest, and each step ahead is one that stays.
      ahead[group] = steps - least[group] - members[group];
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
    last = Arrays.copyOf(last, count * 2);
    ahead = Arrays.copyOf(ahead, count * 2);
    rising = Arrays.copyOf(rising, count * 2);
    members = Arrays.copyOf(members, count * 2);
  }

  private void swap(int one, int other) {
    int oneRegion = region[one];
    region[one] = region[other];
    region[other] = oneRegion;
    int oneMembers = members[one];
    members[one] = members[other];
    members[other] = oneMembers;
    boolean oneRises = rising[one];
    rising[one] = rising[other];
    rising[other] = oneRises;
    for (long[] values : List.of(owner, least, most, ahead)) {
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

  /** Returns true if each export of the first group lies above the one before it. */
  boolean rising() {
    return rising[0];
  }

  /**
   * Returns the bits of a place of an export of the first group: how far above the lowest it is,
   * less its number in the group if the group rises.
   */
  int plainBits() {
    return plainBits(0);
  }

  /** Returns the bits of the way from a group's lowest for strays. */
  int strayBits() {
    int bits = 0;
    for (int i = 1; i < count; i++) {
      bits = Math.max(bits, bits(i));
    }
    return bits;
  }

  /** Returns the bits of the highest load id. */
  int ownerBits() {
    return mostBits(owner);
  }

  /** Returns the bits of the highest of the groups' lowest places. */
  int leastBits() {
    return mostBits(least);
  }

  private int mostBits(long[] values) {
    int bits = 0;
    for (int i = 0; i < count; i++) {
      bits = Math.max(bits, Leaf.bitsFor(values[i]));
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
