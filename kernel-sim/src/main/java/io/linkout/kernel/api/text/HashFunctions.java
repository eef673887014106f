package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.TrapFrame;

/**
 * Keyed hashes (lib/siphash.c: SipHash-2-4, and as hsiphash SipHash-1-3 cut to 32 bits, as on every
 * 64-bit machine) and hashes of names (fs/namei.c, by words), release 6.1.
 */
public final class HashFunctions {
  private static final long GOLDEN_RATIO = 0x61c8864680b583ebL;

  private HashFunctions() {}

  /** Declares them. */
  public static void declare(FunctionTable table) {
    table.real("siphash_1u64", c -> sip(c, 1).of(c.argument(0)));
    table.real("siphash_2u64", c -> sip(c, 2).of(c.argument(0), c.argument(1)));
    table.real("siphash_3u64", c -> sip(c, 3).of(c.argument(0), c.argument(1), c.argument(2)));
    table.real(
        "siphash_4u64",
        c -> sip(c, 4).of(c.argument(0), c.argument(1), c.argument(2), c.argument(3)));
    table.real("siphash_1u32", c -> sip(c, 1).ofRest(new long[0], low(c, 0), 4));
    table.real("siphash_3u32", c -> sip(c, 3).ofRest(new long[] {pair(c, 0)}, low(c, 2), 4));
    table.real("__siphash_unaligned", c -> bytes(c, sip(c, 2)));
    table.real("hsiphash_1u32", c -> cut(half(c, 1).ofRest(new long[0], low(c, 0), 4)));
    table.real("hsiphash_2u32", c -> cut(half(c, 2).of(pair(c, 0))));
    table.real("hsiphash_3u32", c -> cut(half(c, 3).ofRest(new long[] {pair(c, 0)}, low(c, 2), 4)));
    table.real("hsiphash_4u32", c -> cut(half(c, 4).of(pair(c, 0), pair(c, 2))));
    table.real("__hsiphash_unaligned", c -> cut(bytes(c, half(c, 2))));
    table.real("full_name_hash", c -> name(c, low(c, 2)));
    table.real("hashlen_string", HashFunctions::nameAndLength);
  }

  /** (data, size, key). */
  private static long bytes(TrapFrame c, SipHash hash) {
    long size = c.argument(1);
    SipHash.State state = hash.state();
    long whole = size & -8L;
    for (long i = 0; i != whole; i += 8) {
      state.absorb(c.memory().readLong(c.argument(0) + i));
    }
    state.absorb((size << 56) | word(c, c.argument(0) + whole, (int) (size & 7)));
    return state.finish();
  }

  /** full_name_hash(salt, name, size). */
  private static long name(TrapFrame c, long size) {
    long x = 0;
    long y = c.argument(0);
    long whole = size & -8L;
    for (long i = 0; i < whole; i += 8) {
      x ^= c.memory().readLong(c.argument(1) + i);
      y ^= x;
      x = Long.rotateLeft(x, 12) + y;
      y = Long.rotateLeft(y, 45) * 9;
    }
    x ^= word(c, c.argument(1) + whole, (int) (size & 7));
    y = (y ^ (x * GOLDEN_RATIO)) * GOLDEN_RATIO;
    return y >>> 32;
  }

  /** hashlen_string(salt, name): the length in the high half, the hash in the low one. */
  private static long nameAndLength(TrapFrame c) {
    long size = new GuestText(c.memory()).length(c.argument(1));
    return (size << 32) | name(c, size);
  }

  private static long word(TrapFrame c, long address, int size) {
    long word = 0;
    for (int i = 0; i < size; i++) {
      word |= (long) c.memory().readByte(address + i) << (8 * i);
    }
    return word;
  }

  private static SipHash sip(TrapFrame c, int argument) {
    long key = c.argument(argument);
    return new SipHash(c.memory().readLong(key), c.memory().readLong(key + 8));
  }

  private static SipHash half(TrapFrame c, int argument) {
    long key = c.argument(argument);
    return new SipHash(c.memory().readLong(key), c.memory().readLong(key + 8), 1, 3);
  }

  private static long pair(TrapFrame c, int argument) {
    return (c.argument(argument + 1) << 32) | low(c, argument);
  }

  private static long low(TrapFrame c, int argument) {
    return c.argument(argument) & 0xffffffffL;
  }

  private static long cut(long hash) {
    return hash & 0xffffffffL;
  }
}
