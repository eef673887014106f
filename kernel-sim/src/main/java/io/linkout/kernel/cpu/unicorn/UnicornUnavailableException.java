package io.linkout.kernel.cpu.unicorn;

/** There is no usable libunicorn; the message is one line that says what to do. */
public final class UnicornUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The reason, as a line for the user. */
  public UnicornUnavailableException(String message) {
    super(message);
  }
}
