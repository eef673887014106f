package io.linkout.link;

/** Is told how long each pass took, for {@code --timing}. */
@FunctionalInterface
public interface PassTimer {
  /** Forgets. */
  PassTimer NONE = (pass, nanos) -> {};

  /** {@code pass}, one word, took {@code nanos} nanoseconds; called in order. */
  void passed(String pass, long nanos);
}
