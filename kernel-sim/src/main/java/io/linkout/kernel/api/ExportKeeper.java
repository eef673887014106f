package io.linkout.kernel.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who keeps what the kernel exports. The guest side tells once and forgets, so that there is one
 * copy of the names.
 */
public interface ExportKeeper {
  /**
   * Takes every symbol that the kernel itself exports, absent ones included, sorted by name; called
   * once, on the CPU thread, while the kernel boots.
   */
  void keep(List<KernelExport> exports);

  /**
   * Takes what the kernel has beside its exports, for a reader of its reports; called once before
   * {@link #keep}, and only if the kernel itself is to keep no names.
   */
  default void keepLocal(List<LocalSymbol> symbols) {}

  /** Returns the name of the kernel's export at {@code address}, or null; any thread may ask. */
  @Nullable String at(long address);
}
