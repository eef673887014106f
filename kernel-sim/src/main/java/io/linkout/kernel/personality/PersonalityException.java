package io.linkout.kernel.personality;

/**
 * A headers directory that no personality can be read from; the message is one line for a person.
 */
public final class PersonalityException extends Exception {
  private static final long serialVersionUID = 1;

  /** With {@code message} naming the directory or file. */
  public PersonalityException(String message) {
    super(message);
  }
}
