package io.linkout.kernel.cpu;

/**
 * A kernel function found the guest to have broken a rule that ends it, such as a self-deadlock or
 * a smashed stack. The message is the report's first line, as Linux words it where Linux has one.
 */
public final class GuestOops extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An oops whose report begins with {@code message}. */
  public GuestOops(String message) {
    super(message, null, false, false);
  }

  /** Returns the report's first line. */
  public String headline() {
    return String.valueOf(getMessage());
  }
}
