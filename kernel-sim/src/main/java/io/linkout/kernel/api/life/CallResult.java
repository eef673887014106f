package io.linkout.kernel.api.life;

import java.util.List;

/** How a guest call ended, the kernel's report of a death already in the log. */
public sealed interface CallResult {
  /** It returned {@code rax}. */
  record Returned(long rax) implements CallResult {}

  /** It died. */
  record Oopsed(List<String> report) implements CallResult {}

  /** It ran past its limit. */
  record SoftLockup(List<String> report) implements CallResult {}
}
