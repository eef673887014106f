package io.linkout.depmod;

/** Why no lists were written, in one line. */
public final class DepmodException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A reason in one line, without the program's name. */
  public DepmodException(String message) {
    super(message, null, false, false);
  }

  /** Returns the reason. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
