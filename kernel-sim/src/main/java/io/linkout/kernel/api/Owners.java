package io.linkout.kernel.api;

/** Tells which module something is charged to. */
@FunctionalInterface
public interface Owners {
  /**
   * Returns the load id of the module whose code lies at guest address {@code caller}, or else of
   * the module whose code was entered; 0 for the kernel itself.
   */
  long ownerOf(long caller);
}
