package io.linkout.kernel.api;

import io.linkout.kernel.cpu.TrapFrame;

/** A kernel function in Java. */
@FunctionalInterface
public interface KernelFunction {
  /**
   * Carries out one call and returns rax; narrower results are extended by the function as C would.
   *
   * @throws io.linkout.kernel.cpu.GuestFault if an argument leads to memory that is not there
   * @throws io.linkout.kernel.cpu.GuestOops if the caller broke a rule
   */
  long call(TrapFrame frame);
}
