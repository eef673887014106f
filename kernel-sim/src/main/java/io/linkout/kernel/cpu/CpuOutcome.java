package io.linkout.kernel.cpu;

/** How a call of guest code ended. */
public sealed interface CpuOutcome {
  /** It returned; {@code rax} is its result. */
  record Returned(long rax) implements CpuOutcome {}

  /** It died. */
  record Died(CpuFault fault, Registers registers) implements CpuOutcome {}
}
