package io.linkout.kernel.api;

import java.util.List;

/** How a call from outside ended. */
public sealed interface CallOutcome {
  /** It returned; {@code buffers} are those asked back, in order. */
  record Returned(long result, List<byte[]> buffers) implements CallOutcome {}

  /** It died; the module stays. */
  record Oopsed(List<String> report) implements CallOutcome {}

  /** It ran past the limit; the module stays. */
  record SoftLockup(List<String> report) implements CallOutcome {}

  /** There is no room for the buffers. */
  record NoMemory() implements CallOutcome {}

  /** The kernel has no function of that address that can be called. */
  record NotCallable(String reason) implements CallOutcome {}
}
