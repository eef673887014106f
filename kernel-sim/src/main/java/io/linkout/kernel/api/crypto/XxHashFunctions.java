package io.linkout.kernel.api.crypto;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;

/**
 * xxh32 and xxh64 (lib/xxhash.c, release 6.1). States are the guest's: struct xxh64_state has
 * total_len at 0, v1 to v4 at 8, mem64 at 40, memsize at 72; struct xxh32_state has total_len_32 at
 * 0, large_len at 4, v1 to v4 at 8, mem32 at 24, memsize at 40.
 */
final class XxHashFunctions {
  private static final int EINVAL = 22;
  private static final int STATE64 = 80;
  private static final int STATE32 = 44;
  private static final int STRIPE64 = 32;
  private static final int STRIPE32 = 16;

  private XxHashFunctions() {}

  static void declare(FunctionTable table) {
    table.real("xxh64", XxHashFunctions::hash64);
    table.real("xxh64_reset", XxHashFunctions::reset64);
    table.real("xxh64_update", XxHashFunctions::update64);
    table.real("xxh64_digest", XxHashFunctions::digest64);
    table.real("xxh64_copy_state", c -> copy(c, STATE64));
    table.real("xxh32", XxHashFunctions::hash32);
    table.real("xxh32_reset", XxHashFunctions::reset32);
    table.real("xxh32_update", XxHashFunctions::update32);
    table.real("xxh32_digest", XxHashFunctions::digest32);
    table.real("xxh32_copy_state", c -> copy(c, STATE32));
  }

  /** (input, size, seed). */
  private static long hash64(TrapFrame c) {
    GuestMemory memory = c.memory();
    long input = c.argument(0);
    long size = c.argument(1);
    long[] v = XxHash.start64(c.argument(2));
    long at = 0;
    for (; Long.compareUnsigned(size - at, STRIPE64) >= 0; at += STRIPE64) {
      stripe64(memory, v, input + at);
    }
    long hash = at > 0 ? XxHash.merge64(v) : XxHash.short64(c.argument(2));
    long rest = input + at;
    return XxHash.finish64(hash + size, i -> memory.readByte(rest + i), (int) (size - at));
  }

  private static void stripe64(GuestMemory memory, long[] v, long address) {
    for (int i = 0; i < 4; i++) {
      v[i] = XxHash.round64(v[i], memory.readLong(address + 8L * i));
    }
  }

  /** (state, seed). */
  private static long reset64(TrapFrame c) {
    c.memory().fill(c.argument(0), STATE64, 0);
    store64(c.memory(), c.argument(0), XxHash.start64(c.argument(1)));
    return 0;
  }

  /** (state, input, size). */
  private static long update64(TrapFrame c) {
    GuestMemory memory = c.memory();
    long state = c.argument(0);
    if (c.argument(1) == 0) {
      return -EINVAL;
    }
    long size = c.argument(2);
    memory.writeLong(state, memory.readLong(state) + size);
    long[] v = load64(memory, state);
    int held = memory.readInt(state + 72) & (STRIPE64 - 1);
    long at = 0;
    while (at != size) {
      if (held == 0 && Long.compareUnsigned(size - at, STRIPE64) >= 0) {
        stripe64(memory, v, c.argument(1) + at);
        at += STRIPE64;
        continue;
      }
      memory.writeByte(state + 40 + held, memory.readByte(c.argument(1) + at));
      at++;
      if (++held == STRIPE64) {
        stripe64(memory, v, state + 40);
        held = 0;
      }
    }
    memory.writeInt(state + 72, held);
    store64(memory, state, v);
    return 0;
  }

  private static long digest64(TrapFrame c) {
    GuestMemory memory = c.memory();
    long state = c.argument(0);
    long size = memory.readLong(state);
    long[] v = load64(memory, state);
    // The third accumulator of a state without a stripe is the seed.
    long hash =
        Long.compareUnsigned(size, STRIPE64) >= 0 ? XxHash.merge64(v) : XxHash.short64(v[2]);
    int held = memory.readInt(state + 72) & (STRIPE64 - 1);
    return XxHash.finish64(hash + size, i -> memory.readByte(state + 40 + i), held);
  }

  private static long[] load64(GuestMemory memory, long state) {
    long[] v = new long[4];
    for (int i = 0; i < 4; i++) {
      v[i] = memory.readLong(state + 8 + 8L * i);
    }
    return v;
  }

  private static void store64(GuestMemory memory, long state, long[] v) {
    for (int i = 0; i < 4; i++) {
      memory.writeLong(state + 8 + 8L * i, v[i]);
    }
  }

  private static long hash32(TrapFrame c) {
    GuestMemory memory = c.memory();
    long input = c.argument(0);
    long size = c.argument(1);
    int[] v = XxHash.start32((int) c.argument(2));
    long at = 0;
    for (; Long.compareUnsigned(size - at, STRIPE32) >= 0; at += STRIPE32) {
      stripe32(memory, v, input + at);
    }
    int hash = at > 0 ? XxHash.merge32(v) : XxHash.short32((int) c.argument(2));
    long rest = input + at;
    return Integer.toUnsignedLong(
        XxHash.finish32(hash + (int) size, i -> memory.readByte(rest + i), (int) (size - at)));
  }

  private static void stripe32(GuestMemory memory, int[] v, long address) {
    for (int i = 0; i < 4; i++) {
      v[i] = XxHash.round32(v[i], memory.readInt(address + 4L * i));
    }
  }

  private static long reset32(TrapFrame c) {
    c.memory().fill(c.argument(0), STATE32, 0);
    store32(c.memory(), c.argument(0), XxHash.start32((int) c.argument(1)));
    return 0;
  }

  private static long update32(TrapFrame c) {
    GuestMemory memory = c.memory();
    long state = c.argument(0);
    if (c.argument(1) == 0) {
      return -EINVAL;
    }
    long size = c.argument(2);
    int total = memory.readInt(state) + (int) size;
    boolean large =
        Long.compareUnsigned(size, STRIPE32) >= 0 || Integer.compareUnsigned(total, STRIPE32) >= 0;
    memory.writeInt(state, total);
    memory.writeInt(state + 4, memory.readInt(state + 4) | (large ? 1 : 0));
    int[] v = load32(memory, state);
    int held = memory.readInt(state + 40) & (STRIPE32 - 1);
    for (long at = 0; at != size; at++) {
      memory.writeByte(state + 24 + held, memory.readByte(c.argument(1) + at));
      if (++held == STRIPE32) {
        stripe32(memory, v, state + 24);
        held = 0;
      }
    }
    memory.writeInt(state + 40, held);
    store32(memory, state, v);
    return 0;
  }

  private static long digest32(TrapFrame c) {
    GuestMemory memory = c.memory();
    long state = c.argument(0);
    int[] v = load32(memory, state);
    int hash = memory.readInt(state + 4) != 0 ? XxHash.merge32(v) : XxHash.short32(v[2]);
    int held = memory.readInt(state + 40) & (STRIPE32 - 1);
    return Integer.toUnsignedLong(
        XxHash.finish32(hash + memory.readInt(state), i -> memory.readByte(state + 24 + i), held));
  }

  private static int[] load32(GuestMemory memory, long state) {
    int[] v = new int[4];
    for (int i = 0; i < 4; i++) {
      v[i] = memory.readInt(state + 8 + 4L * i);
    }
    return v;
  }

  private static void store32(GuestMemory memory, long state, int[] v) {
    for (int i = 0; i < 4; i++) {
      memory.writeInt(state + 8 + 4L * i, v[i]);
    }
  }

  /** (to, from). */
  private static long copy(TrapFrame c, int size) {
    c.memory().write(c.argument(0), c.memory().read(c.argument(1), size));
    return 0;
  }
}
