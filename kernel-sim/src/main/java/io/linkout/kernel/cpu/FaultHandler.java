package io.linkout.kernel.cpu;

/** Decides what happens at a fault: the exception table, WARN, or the end of the call. */
@FunctionalInterface
public interface FaultHandler {
  /** What {@link #onFault} returns when the call is over. */
  long DIE = 0;

  /** Returns the guest address to go on at, or {@link #DIE}. */
  long onFault(CpuFault fault, Registers registers);
}
