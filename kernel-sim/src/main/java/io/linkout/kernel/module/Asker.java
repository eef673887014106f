package io.linkout.kernel.module;

import io.linkout.kernel.api.Caller;

/** Who asks for work on the CPU. */
public interface Asker {
  /** Returns the process on whose behalf it is done; called when the work is queued. */
  default Caller caller() {
    return Caller.UNKNOWN;
  }
}
