package io.linkout.kernel.cpu;

/** A kernel function was still at work when the time of the guest's call was over. */
public final class GuestTimeout extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The end of a call that took too long. */
  public GuestTimeout() {
    super("a kernel function is stuck", null, false, false);
  }
}
