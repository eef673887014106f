package io.linkout.kernel.api;

import java.util.List;

/** How an unload ended. */
public sealed interface UnloadOutcome {
  /** Gone; {@code leaks} is what it had left behind, reclaimed. */
  record Gone(List<Leak> leaks) implements UnloadOutcome {}

  /** Exit died: the module stays mapped and dead until forced out. */
  record Oopsed(List<String> report) implements UnloadOutcome {}

  /** Exit ran past the limit: as {@link Oopsed}. */
  record SoftLockup(List<String> report) implements UnloadOutcome {}

  /** One thing left behind: guest address, bytes, and the guest address that made it. */
  record Leak(String what, long address, long size, long caller) {}
}
