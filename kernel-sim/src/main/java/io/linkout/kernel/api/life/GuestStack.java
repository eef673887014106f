package io.linkout.kernel.api.life;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The stack that guest calls run on: 16 KiB, as x86-64 kernels have, with a guard page below. */
public final class GuestStack {
  /** Bytes of the stack (THREAD_SIZE). */
  public static final int SIZE = 16384;

  private static final long BASE = GuestLayout.VMALLOC + 0x8000L;

  private final MemorySegment host;

  /** Maps the stack; its memory lives as long as {@code arena}. */
  public GuestStack(GuestMemory memory, Arena arena) {
    host = arena.allocate(SIZE, GuestLayout.PAGE);
    memory.map(BASE, host, Protection.READ_WRITE, "stack", "");
  }

  /** Returns its lowest guest address. */
  public static long base() {
    return BASE;
  }

  long top() {
    return BASE + SIZE;
  }

  long guard() {
    return BASE - GuestLayout.PAGE;
  }

  /** Zeroes it: no call sees what another left there. */
  void clear() {
    host.fill((byte) 0);
  }
}
