package io.linkout.kernel.session;

import java.time.Duration;

/** Runs things later on the event loop. */
public interface Scheduler {
  /** A thing to be run later. */
  @FunctionalInterface
  interface Timer {
    /** It will not run any more. */
    void cancel();
  }

  /** Runs {@code action} once, after {@code delay}. */
  Timer after(Duration delay, Runnable action);
}
