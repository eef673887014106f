package io.linkout.kernel.api.oops;

import org.jspecify.annotations.Nullable;

/** Names of what the kernel exports and does not have. */
@FunctionalInterface
public interface MissingSymbols {
  /** Everything is there. */
  MissingSymbols NONE = address -> null;

  /**
   * Returns what {@code address} was meant to be, such as "kthread_run is not provided by this
   * kernel", or null.
   */
  @Nullable String at(long address);
}
