package io.linkout.kernel.cpu;

/**
 * A kernel function touched guest memory that is not mapped for that access; the oops is that of
 * the module that passed the address.
 */
public final class GuestFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long address;
  private final Access access;

  /** A fault at guest address {@code address}. */
  public GuestFault(long address, Access access) {
    super(access.words() + " at 0x" + Long.toHexString(address), null, false, false);
    this.address = address;
    this.access = access;
  }

  /** Returns the guest address that was touched. */
  public long address() {
    return address;
  }

  /** Returns how it was touched. */
  public Access access() {
    return access;
  }
}
