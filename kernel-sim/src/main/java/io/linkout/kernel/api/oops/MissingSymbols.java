package io.linkout.kernel.api.oops;

import org.jspecify.annotations.Nullable;

/** Names of what the kernel exports and does not have. */
@FunctionalInterface
public interface MissingSymbols {
  /** Everything is there. */
  MissingSymbols NONE = address -> null;

  /** Returns the absent export whose address led to {@code address}, or null. */
  @Nullable String at(long address);
}
