package io.linkout.kernel.api.image;

import io.linkout.kernel.cpu.GuestLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Addresses of exports that this kernel does not provide: distinct, and nothing is there. */
public final class AbsentSymbols {
  /** Room for the fields of a structure before the next symbol's address begins. */
  private static final long STRIDE = 0x2000;

  private final List<String> names = new ArrayList<>();

  /** Returns an address for {@code name}. */
  long addressOf(String name) {
    long address = GuestLayout.ABSENT + names.size() * STRIDE;
    if (Long.compareUnsigned(address, GuestLayout.ABSENT_END) >= 0) {
      throw new IllegalStateException("no address left for " + name);
    }
    names.add(name);
    return address;
  }

  /**
   * Returns the name whose address led to {@code address}: directly, or as an offset from gs base,
   * as code addresses per-CPU variables.
   */
  public Optional<String> at(long address) {
    Optional<String> direct = indexed(address - GuestLayout.ABSENT);
    return direct.isPresent() ? direct : indexed(address - GuestLayout.PERCPU - GuestLayout.ABSENT);
  }

  private Optional<String> indexed(long offset) {
    return offset >= 0 && offset < names.size() * STRIDE
        ? Optional.of(names.get((int) (offset / STRIDE)))
        : Optional.empty();
  }
}
