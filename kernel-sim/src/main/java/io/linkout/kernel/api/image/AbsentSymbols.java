package io.linkout.kernel.api.image;

import io.linkout.kernel.cpu.GuestLayout;

/**
 * Addresses of exports that this kernel does not provide: distinct, and nothing is there. Whose
 * each is only the export table knows.
 */
public final class AbsentSymbols {
  /** Room for the fields of a structure before the next symbol's address begins. */
  private static final long STRIDE = 0x2000;

  private int count;

  /** Returns the next address, for {@code name}. */
  long next(String name) {
    long address = GuestLayout.ABSENT + count * STRIDE;
    if (Long.compareUnsigned(address, GuestLayout.ABSENT_END) >= 0) {
      throw new IllegalStateException("no address left for " + name);
    }
    count++;
    return address;
  }

  /**
   * Returns the absent export's address that led to {@code address}, directly or as an offset from
   * gs base, as code addresses per-CPU variables; 0 if none did.
   */
  public long origin(long address) {
    long direct = start(address - GuestLayout.ABSENT);
    return direct != 0 ? direct : start(address - GuestLayout.PERCPU - GuestLayout.ABSENT);
  }

  private long start(long offset) {
    return offset >= 0 && offset < count * STRIDE
        ? GuestLayout.ABSENT + offset / STRIDE * STRIDE
        : 0;
  }
}
