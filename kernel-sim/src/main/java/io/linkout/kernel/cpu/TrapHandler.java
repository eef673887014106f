package io.linkout.kernel.cpu;

/** Carries out kernel functions that are not machine code. */
@FunctionalInterface
public interface TrapHandler {
  /**
   * Carries out the function of trap slot {@code slot} and returns its result, rax.
   *
   * @throws GuestFault if an argument led to memory that is not there: an oops
   * @throws GuestOops if the guest broke a rule: an oops
   */
  long trap(int slot, TrapFrame frame);
}
