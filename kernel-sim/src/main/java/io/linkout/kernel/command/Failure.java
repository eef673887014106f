package io.linkout.kernel.command;

/** A command cannot do what it was asked; the message is for the user, without the prefix. */
public final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  /** A failure with one line for the user. */
  public Failure(String message) {
    super(message, null, false, false);
  }

  /** Returns the one line. */
  public String line() {
    return String.valueOf(getMessage());
  }
}
