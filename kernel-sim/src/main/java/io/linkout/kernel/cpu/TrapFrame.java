package io.linkout.kernel.cpu;

import java.util.function.LongUnaryOperator;

/**
 * A guest's call of a kernel function, seen from the function: System V x86-64 arguments (psABI
 * 3.2.3), the caller, and a way to call guest code back. Valid during the call only.
 */
public interface TrapFrame {
  /** Returns integer argument {@code index}: 0 to 5 from registers, the rest from the stack. */
  long argument(int index);

  /** Returns the guest address the call returns to: the caller. */
  long returnAddress();

  /** Returns the guest's stack pointer at the function's entry: it points at the return address. */
  long stackPointer();

  /** Returns rax at entry; its low byte is the number of vector registers of a variadic call. */
  long rax();

  /** Returns the address space. */
  GuestMemory memory();

  /**
   * Calls guest code once the function returns, and then {@code then} with its rax; what that
   * returns is the function's own result, unless it calls guest code again. The function's own
   * return value is ignored after this.
   *
   * @param function guest address
   * @param arguments at most six
   */
  void callGuest(long function, long[] arguments, LongUnaryOperator then);
}
