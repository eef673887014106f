package io.linkout.kernel.api.oops;

import io.linkout.kernel.cpu.GuestLayout;

/** Guest addresses of code: {@code end} is exclusive. */
public record CodeRange(long start, long end) {
  /** Returns true if {@code address} lies in it. */
  public boolean contains(long address) {
    return GuestLayout.within(address, start, end);
  }
}
