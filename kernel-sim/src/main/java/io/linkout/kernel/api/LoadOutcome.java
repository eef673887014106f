package io.linkout.kernel.api;

import java.util.List;

/** How a load ended. */
public sealed interface LoadOutcome {
  /** Live; init returned {@code initResult} (0, or a positive number that is warned of). */
  record Live(long initResult, long initNanos) implements LoadOutcome {}

  /** Init returned an error, positive here; undone. */
  record InitFailed(int errno) implements LoadOutcome {}

  /** A parameter's set function returned an error, positive here; undone. */
  record ParameterFailed(String parameter, int errno) implements LoadOutcome {}

  /** It died; {@code report} is what was logged, one line each; undone. */
  record Oopsed(List<String> report) implements LoadOutcome {}

  /** It ran past its limit; undone. */
  record SoftLockup(List<String> report) implements LoadOutcome {}

  /** It cannot be: the image contradicts the kernel, such as a bad per-CPU template; undone. */
  record Rejected(int errno, String reason) implements LoadOutcome {}
}
