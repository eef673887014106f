package io.linkout.kernel.cpu;

/**
 * One x86-64 CPU that runs guest code in ring 3 of a machine without any device. Confined to the
 * thread that made it, but for {@link #interrupt}.
 */
public interface Cpu extends AutoCloseable {
  /** Bytes from one trap slot to the next. */
  int TRAP_STRIDE = 16;

  /** Returns the address space this CPU runs in. */
  GuestMemory memory();

  /**
   * Says where trap slots lie and what carries them out. Slot {@code i} is at {@code base + i *
   * TRAP_STRIDE}; a call there reaches {@code handler}, which must not throw anything but {@link
   * GuestFault} and {@link GuestOops}. The caller has mapped {@link #trapCode()} bytes for each
   * slot.
   */
  void installTraps(long base, int slots, TrapHandler handler);

  /** Returns the machine code of one trap slot: {@link #TRAP_STRIDE} bytes. */
  byte[] trapCode();

  /** Says what decides at faults; without one every fault ends the call. */
  void onFault(FaultHandler handler);

  /**
   * Sets a general register of the guest that is at a fault; only within {@link
   * FaultHandler#onFault}, and of effect only if that resumes. For exception-table entries that put
   * an error code into a register.
   *
   * @param number as x86 encodes it: 0 rax, 1 rcx, 2 rdx, 3 rbx, 4 rsp, 5 rbp, 6 rsi, 7 rdi, 8 r8
   *     to 15 r15
   */
  void setRegister(int number, long value);

  /** Says what to do about once a millisecond while guest code runs; called on another thread. */
  void onTick(Runnable tick);

  /** Sets the base of the gs segment: the per-CPU area. */
  void gsBase(long address);

  /**
   * Calls guest code with up to six arguments in registers and the rest on the stack, and returns
   * how it ended. Every call starts from the same pristine CPU state.
   *
   * @param stackTop guest address just above the stack, a multiple of 16
   * @param stackGuard guest address of the guard page below the stack
   * @param timeoutNanos after which the call is stopped with {@link CpuFault.SoftLockup}
   */
  CpuOutcome call(
      long function, long[] arguments, long stackTop, long stackGuard, long timeoutNanos);

  /** Stops the call under way, as a time-out would; may be called by any thread. */
  void interrupt();

  /**
   * Returns the x86_capability words this CPU really has, found by executing a probe of each: words
   * numbered as in the kernel's cpufeatures.h.
   */
  int[] features();

  @Override
  void close();
}
