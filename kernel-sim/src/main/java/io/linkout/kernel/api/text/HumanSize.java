package io.linkout.kernel.api.text;

import java.util.List;
import java.util.Locale;

/** Sizes with three significant digits (string_get_size of lib/string_helpers.c, release 6.1). */
final class HumanSize {
  private static final List<String> DECIMAL =
      List.of("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB");
  private static final List<String> BINARY =
      List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB");

  /** Half of the last digit printed, in thousandths, by digits after the point. */
  private static final int[] ROUNDING = {500, 50, 5};

  private HumanSize() {}

  /** Returns {@code blocks} times {@code blockSize} bytes, all unsigned. */
  static String of(long blocks, long blockSize, boolean binary) {
    int divisor = binary ? 1024 : 1000;
    List<String> units = binary ? BINARY : DECIMAL;
    if (blocks == 0 || blockSize == 0) {
      return "0 B";
    }
    int power = 0;
    long block = blockSize;
    for (; block >>> 32 != 0; power++) {
      block = Long.divideUnsigned(block, divisor);
    }
    long size = blocks;
    for (; size >>> 32 != 0; power++) {
      size = Long.divideUnsigned(size, divisor);
    }
    size *= block;
    long remainder = 0;
    for (; Long.compareUnsigned(size, divisor) >= 0; power++) {
      remainder = Long.remainderUnsigned(size, divisor);
      size = Long.divideUnsigned(size, divisor);
    }
    int digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
    if (binary) {
      remainder = (remainder * 1000) >> 10;
    }
    remainder += ROUNDING[digits];
    if (remainder >= 1000) {
      remainder -= 1000;
      size++;
    }
    String fraction =
        digits == 0 ? "" : String.format(Locale.ROOT, ".%03d", remainder).substring(0, digits + 1);
    String unit = power < units.size() ? units.get(power) : "UNK";
    return size + fraction + " " + unit;
  }
}
