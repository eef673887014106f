package io.linkout.kernel.api.time;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.function.Consumer;

/** Random bytes and numbers (drivers/char/random.c, lib/random32.c): seeded, not for secrets. */
public final class RandomFunctions {
  private static final long INT_MASK = 0xffffffffL;
  private static final int BLOCK = 4096;

  private final Consumer<byte[]> random;

  private RandomFunctions(Consumer<byte[]> random) {
    this.random = random;
  }

  /** Declares the family; {@code random} fills an array. */
  public static void declare(FunctionTable table, Consumer<byte[]> random) {
    RandomFunctions f = new RandomFunctions(random);
    table.real("get_random_bytes", c -> f.bytes(c, c.argument(0), c.argument(1)));
    table.real("get_random_u8", _ -> f.number() & 0xff);
    table.real("get_random_u16", _ -> f.number() & 0xffff);
    table.real("get_random_u32", _ -> f.number() & INT_MASK);
    table.real("get_random_u64", _ -> f.number());
    table.real("__get_random_u32_below", c -> f.below(c.argument(0) & INT_MASK));
    table.real("wait_for_random_bytes", _ -> 0);
    table.real("rng_is_initialized", _ -> 1);
    table.real("add_device_randomness", Licence.GPL, _ -> 0);
    table.real("prandom_u32_state", RandomFunctions::tausworthe);
    table.real("prandom_bytes_state", RandomFunctions::tauswortheBytes);
  }

  private long bytes(TrapFrame c, long address, long length) {
    for (long done = 0; done < length; done += BLOCK) {
      byte[] part = new byte[(int) Math.min(BLOCK, length - done)];
      random.accept(part);
      c.memory().write(address + done, part);
    }
    return 0;
  }

  private long number() {
    byte[] bytes = new byte[8];
    random.accept(bytes);
    return java.nio.ByteBuffer.wrap(bytes).getLong();
  }

  /** A number below {@code ceiling}; any number if that is 0. */
  private long below(long ceiling) {
    long number = number() & INT_MASK;
    return ceiling == 0 ? number : (number * ceiling) >>> 32;
  }

  /** prandom_u32_state: the maximally equidistributed LFSR113 of lib/random32.c. */
  private static long tausworthe(TrapFrame c) {
    return next(c, c.argument(0)) & INT_MASK;
  }

  private static int next(TrapFrame c, long state) {
    int s1 = step(c.memory().readInt(state), 6, 13, 0xfffffffe, 18);
    int s2 = step(c.memory().readInt(state + 4), 2, 27, 0xfffffff8, 2);
    int s3 = step(c.memory().readInt(state + 8), 13, 21, 0xfffffff0, 7);
    int s4 = step(c.memory().readInt(state + 12), 3, 12, 0xffffff80, 13);
    c.memory().writeInt(state, s1);
    c.memory().writeInt(state + 4, s2);
    c.memory().writeInt(state + 8, s3);
    c.memory().writeInt(state + 12, s4);
    return s1 ^ s2 ^ s3 ^ s4;
  }

  private static int step(int s, int a, int b, int mask, int d) {
    return ((s & mask) << d) ^ (((s << a) ^ s) >>> b);
  }

  /** prandom_bytes_state(state, buffer, count): four bytes of each number, little endian. */
  private static long tauswortheBytes(TrapFrame c) {
    int number = 0;
    for (long i = 0; i < c.argument(2); i++) {
      number = i % 4 == 0 ? next(c, c.argument(0)) : number >>> 8;
      c.memory().writeByte(c.argument(1) + i, number);
    }
    return 0;
  }
}
