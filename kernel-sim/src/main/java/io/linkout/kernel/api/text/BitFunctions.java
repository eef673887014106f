package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.TrapFrame;

/** Searching bits (lib/find_bit.c, release 6.1). Sizes and results are in bits. */
public final class BitFunctions {
  private BitFunctions() {}

  /** Declares them, and those of {@link BitmapFunctions}. */
  public static void declare(FunctionTable table, Allocator allocator) {
    table.real("_find_first_bit", c -> bits(c, 0).next(true, 0, c.argument(1)));
    table.real("_find_first_zero_bit", c -> bits(c, 0).next(false, 0, c.argument(1)));
    table.real("_find_next_bit", c -> bits(c, 0).next(true, c.argument(2), c.argument(1)));
    table.real("_find_next_zero_bit", c -> bits(c, 0).next(false, c.argument(2), c.argument(1)));
    table.real("_find_last_bit", c -> bits(c, 0).last(c.argument(1)));
    table.real("_find_first_and_bit", c -> both(c, 0, c.argument(2)));
    table.real("_find_next_and_bit", c -> both(c, c.argument(3), c.argument(2)));
    table.real("_find_next_andnot_bit", BitFunctions::nextAndNot);
    table.real("find_next_clump8", BitFunctions::nextClump);
    BitmapFunctions.declare(table, allocator);
  }

  private static GuestBits bits(TrapFrame c, int argument) {
    return new GuestBits(c.memory(), c.argument(argument));
  }

  private static long both(TrapFrame c, long from, long size) {
    GuestBits first = bits(c, 0);
    GuestBits second = bits(c, 1);
    return GuestBits.next(i -> first.word(i) & second.word(i), from, size);
  }

  private static long nextAndNot(TrapFrame c) {
    GuestBits first = bits(c, 0);
    GuestBits second = bits(c, 1);
    return GuestBits.next(i -> first.word(i) & ~second.word(i), c.argument(3), c.argument(2));
  }

  /** find_next_clump8(result, map, size, offset): the next byte that is not 0. */
  private static long nextClump(TrapFrame c) {
    GuestBits map = bits(c, 1);
    long size = c.argument(2) & 0xffffffffL;
    long found = map.next(true, c.argument(3) & 0xffffffffL, size);
    if (found == size) {
      return size;
    }
    long start = found & -8L;
    c.memory().writeLong(c.argument(0), (map.word(start >>> 6) >>> (start % 64)) & 0xff);
    return start;
  }
}
