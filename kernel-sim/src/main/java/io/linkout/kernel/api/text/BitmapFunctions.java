package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.function.LongBinaryOperator;

/** Sets of bits (lib/bitmap.c, release 6.1). Sizes are in bits, unsigned ints. */
final class BitmapFunctions {
  private static final long GFP_ZERO = 0x100;

  private BitmapFunctions() {}

  static void declare(FunctionTable table, Allocator allocator) {
    table.real("__bitmap_and", c -> combine(c, (a, b) -> a & b, true));
    table.real("__bitmap_andnot", c -> combine(c, (a, b) -> a & ~b, true));
    table.real("__bitmap_or", c -> combine(c, (a, b) -> a | b, false));
    table.real("__bitmap_xor", c -> combine(c, (a, b) -> a ^ b, false));
    table.real("__bitmap_complement", BitmapFunctions::complement);
    table.real("__bitmap_replace", BitmapFunctions::replace);
    table.real("__bitmap_equal", c -> any(c, (a, b) -> a ^ b) ? 0 : 1);
    table.real("__bitmap_intersects", c -> any(c, (a, b) -> a & b) ? 1 : 0);
    table.real("__bitmap_subset", c -> any(c, (a, b) -> a & ~b) ? 0 : 1);
    table.real("__bitmap_weight", c -> weight(map(c, 0), map(c, 0), unsigned(c, 1)));
    table.real("__bitmap_weight_and", c -> weight(map(c, 0), map(c, 1), unsigned(c, 2)));
    table.real("__bitmap_set", c -> assign(c, true));
    table.real("__bitmap_clear", c -> assign(c, false));
    table.real("__bitmap_shift_right", c -> shift(c, true));
    table.real("__bitmap_shift_left", c -> shift(c, false));
    table.real("bitmap_find_next_zero_area_off", BitmapFunctions::freeArea);
    table.real("bitmap_from_arr32", BitmapFunctions::fromWords);
    table.real("bitmap_to_arr32", BitmapFunctions::toWords);
    table.real("bitmap_alloc", c -> allocate(c, allocator, 0));
    table.real("bitmap_zalloc", c -> allocate(c, allocator, GFP_ZERO));
    table.real("bitmap_alloc_node", c -> allocate(c, allocator, 0));
    table.real("bitmap_zalloc_node", c -> allocate(c, allocator, GFP_ZERO));
    table.real("bitmap_find_free_region", BitmapFunctions::findRegion);
    table.real("bitmap_release_region", BitmapFunctions::releaseRegion);
    table.real("bitmap_allocate_region", BitmapFunctions::allocateRegion);
    table.real("bitmap_print_to_pagebuf", BitmapText::printToPage);
    table.real("bitmap_parse", BitmapText::parse);
    table.real("bitmap_parselist", BitmapText::parseList);
  }

  static GuestBits map(TrapFrame c, int argument) {
    return new GuestBits(c.memory(), c.argument(argument));
  }

  static long unsigned(TrapFrame c, int argument) {
    return c.argument(argument) & 0xffffffffL;
  }

  /** (result, first, second, bits): returns whether any bit is set, if {@code masked}. */
  private static long combine(TrapFrame c, LongBinaryOperator operator, boolean masked) {
    GuestBits result = map(c, 0);
    long bits = unsigned(c, 3);
    long all = 0;
    for (long i = 0; i < GuestBits.words(bits); i++) {
      long word = operator.applyAsLong(map(c, 1).word(i), map(c, 2).word(i));
      if (masked) {
        word &= GuestBits.mask(i, bits);
      }
      result.word(i, word);
      all |= word;
    }
    return masked && all != 0 ? 1 : 0;
  }

  private static long complement(TrapFrame c) {
    for (long i = 0; i < GuestBits.words(unsigned(c, 2)); i++) {
      map(c, 0).word(i, ~map(c, 1).word(i));
    }
    return 0;
  }

  /** (result, old, new, mask, bits): bits of new where the mask is set. */
  private static long replace(TrapFrame c) {
    for (long i = 0; i < GuestBits.words(unsigned(c, 4)); i++) {
      long mask = map(c, 3).word(i);
      map(c, 0).word(i, (map(c, 1).word(i) & ~mask) | (map(c, 2).word(i) & mask));
    }
    return 0;
  }

  private static boolean any(TrapFrame c, LongBinaryOperator operator) {
    long bits = unsigned(c, 2);
    for (long i = 0; i < GuestBits.words(bits); i++) {
      long word = operator.applyAsLong(map(c, 0).word(i), map(c, 1).word(i));
      if ((word & GuestBits.mask(i, bits)) != 0) {
        return true;
      }
    }
    return false;
  }

  private static long weight(GuestBits first, GuestBits second, long bits) {
    int weight = 0;
    for (long i = 0; i < GuestBits.words(bits); i++) {
      weight += Long.bitCount(first.word(i) & second.word(i) & GuestBits.mask(i, bits));
    }
    return weight;
  }

  /** (map, start, int length). */
  private static long assign(TrapFrame c, boolean set) {
    map(c, 0).assign(unsigned(c, 1), Math.max(0, (int) c.argument(2)), set);
    return 0;
  }

  /** (result, source, shift, bits). */
  private static long shift(TrapFrame c, boolean right) {
    GuestBits source = map(c, 1);
    GuestBits result = map(c, 0);
    long by = unsigned(c, 2);
    long bits = unsigned(c, 3);
    long words = GuestBits.words(bits);
    for (long n = 0; n < words; n++) {
      // In place: each word is written after the last use of its old value.
      long i = right ? n : words - 1 - n;
      long word = right ? source.window(i * 64 + by, bits) : source.window(i * 64 - by, bits);
      result.word(i, right ? word & GuestBits.mask(i, bits) : word);
    }
    return 0;
  }

  /** (map, size, start, count, align mask, align offset): where so many bits are clear. */
  private static long freeArea(TrapFrame c) {
    GuestBits map = map(c, 0);
    long size = c.argument(1);
    long start = c.argument(2);
    long count = unsigned(c, 3);
    long mask = c.argument(4);
    long offset = c.argument(5);
    while (true) {
      long index = map.next(false, start, size);
      index = ((index + offset + mask) & ~mask) - offset;
      if (Long.compareUnsigned(index, start) < 0) {
        // The alignment wrapped round: Linux would search for ever.
        throw WorkLimit.exceeded();
      }
      long end = index + count;
      if (Long.compareUnsigned(end, size) > 0) {
        return end;
      }
      long used = map.next(true, index, end);
      if (used >= end) {
        return index;
      }
      start = used + 1;
    }
  }

  /** (map, array of 32-bit words, bits). */
  private static long fromWords(TrapFrame c) {
    long bits = unsigned(c, 2);
    long halves = (bits + 31) / 32;
    for (long i = 0; i < GuestBits.words(bits); i++) {
      long word = c.memory().readInt(c.argument(1) + 8 * i) & 0xffffffffL;
      if (2 * i + 1 < halves) {
        word |= (long) c.memory().readInt(c.argument(1) + 8 * i + 4) << 32;
      }
      map(c, 0).word(i, word & GuestBits.mask(i, bits));
    }
    return 0;
  }

  /** (array of 32-bit words, map, bits). */
  private static long toWords(TrapFrame c) {
    long bits = unsigned(c, 2);
    for (long i = 0; i < (bits + 31) / 32; i++) {
      long word = map(c, 1).word(i / 2) & GuestBits.mask(i / 2, bits);
      c.memory().writeInt(c.argument(0) + 4 * i, (int) (word >>> (i % 2 * 32)));
    }
    return 0;
  }

  private static long allocate(TrapFrame c, Allocator allocator, long flags) {
    long size = GuestBits.words(unsigned(c, 0)) * 8;
    return allocator.allocate(size, unsigned(c, 1) | flags, c.returnAddress());
  }

  /** (map, bits, order): takes 2^order bits that are clear, aligned; -ENOMEM if there are none. */
  private static long findRegion(TrapFrame c) {
    long step = 1L << c.argument(2);
    for (long at = 0; at + step <= unsigned(c, 1); at += step) {
      if (map(c, 0).next(true, at, at + step) == at + step) {
        map(c, 0).assign(at, step, true);
        return at;
      }
    }
    return -12;
  }

  private static long releaseRegion(TrapFrame c) {
    map(c, 0).assign(unsigned(c, 1), 1L << c.argument(2), false);
    return 0;
  }

  /** (map, position, order): -EBUSY if a bit is set. */
  private static long allocateRegion(TrapFrame c) {
    long at = unsigned(c, 1);
    long end = at + (1L << c.argument(2));
    if (map(c, 0).next(true, at, end) != end) {
      return -16;
    }
    map(c, 0).assign(at, end - at, true);
    return 0;
  }
}
