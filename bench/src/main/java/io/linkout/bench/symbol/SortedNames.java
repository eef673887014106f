package io.linkout.bench.symbol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Names one after the other, and where each begins: a binary search among them. */
final class SortedNames implements SortedTable.Names {
  private final byte[] text;
  private final int[] starts;

  private SortedNames(byte[] text, int[] starts) {
    this.text = text;
    this.starts = starts;
  }

  /** Returns {@code names}, sorted. */
  static SortedNames of(List<byte[]> names) {
    int[] starts = new int[names.size() + 1];
    for (int i = 0; i < names.size(); i++) {
      starts[i + 1] = starts[i] + names.get(i).length;
    }
    byte[] text = new byte[starts[names.size()]];
    for (int i = 0; i < names.size(); i++) {
      System.arraycopy(names.get(i), 0, text, starts[i], names.get(i).length);
    }
    return new SortedNames(text, starts);
  }

  @Override
  public int find(byte[] name) {
    int low = 0;
    int high = starts.length - 2;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order =
          Arrays.compareUnsigned(text, starts[middle], starts[middle + 1], name, 0, name.length);
      if (order == 0) {
        return middle;
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  @Override
  public void each(Consumer<String> to) {
    for (int i = 0; i + 1 < starts.length; i++) {
      to.accept(
          new String(text, starts[i], starts[i + 1] - starts[i], StandardCharsets.ISO_8859_1));
    }
  }
}
