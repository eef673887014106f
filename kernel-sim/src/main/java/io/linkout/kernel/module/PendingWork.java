package io.linkout.kernel.module;

/** Work for the CPU that a connection waits for. */
@FunctionalInterface
public interface PendingWork {
  /**
   * Returns true if it had not begun: then it never will, all it had taken is given back, and its
   * waiter is not called. False: it began, its outcome stands.
   */
  boolean cancel();
}
