package io.linkout.kernel.api;

import java.util.List;

/**
 * A call from outside.
 *
 * @param loadId module the function belongs to, 0 for the kernel
 */
public record CallRequest(long function, long loadId, List<Argument> arguments) {
  /** One argument. */
  public sealed interface Argument {
    /** Passed as it is. */
    record Value(long value) implements Argument {}

    /** Copied into guest memory; bytes come back if {@code returned}. */
    @SuppressWarnings("ArrayRecordComponent")
    record Buffer(byte[] content, boolean returned) implements Argument {}
  }
}
