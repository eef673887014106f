package io.linkout.link;

import org.jspecify.annotations.Nullable;

/** Knows which module would export a symbol that the kernel does not have. */
@FunctionalInterface
public interface ExportHints {
  /** Knows nothing. */
  ExportHints NONE = symbol -> null;

  /** Returns the name of the module that exports {@code symbol}, or null if none is known. */
  @Nullable String moduleOf(String symbol);
}
