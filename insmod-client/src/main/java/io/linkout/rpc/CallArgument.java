package io.linkout.rpc;

/** An argument of a called guest function: a number, or memory whose address is passed. */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way through, never compared
public sealed interface CallArgument {
  /** Passed as it is. */
  record Value(long value) implements CallArgument {}

  /** Copied into guest memory. */
  record Input(byte[] bytes) implements CallArgument {}

  /** Copied into guest memory and returned afterwards. */
  record InOut(byte[] bytes) implements CallArgument {}

  /** That many zeroed bytes of guest memory, returned afterwards. */
  record Output(int size) implements CallArgument {}
}
