package io.linkout.kernel.cpu;

/** Why guest code stopped other than by returning. */
public sealed interface CpuFault {
  /** Memory that is not mapped for this access: #PF. */
  record Page(long address, Access access, boolean mapped) implements CpuFault {}

  /** An instruction the CPU does not have, ud2 among them: #UD. */
  record InvalidOpcode() implements CpuFault {}

  /** A privileged instruction or a non-canonical address: #GP. */
  record Protection() implements CpuFault {}

  /** Division by zero or overflow of a quotient: #DE. */
  record Divide() implements CpuFault {}

  /** Any other exception or software interrupt, by vector. */
  record OtherVector(int vector) implements CpuFault {}

  /** An instruction that a kernel module cannot mean here: in, out, syscall, sysenter, hlt. */
  record Forbidden(String instruction) implements CpuFault {}

  /** A kernel function ended the guest; {@code headline} is the report's first line. */
  record Oops(String headline) implements CpuFault {}

  /** A kernel function touched memory that its caller should not have passed. */
  record FunctionPage(long address, Access access) implements CpuFault {}

  /** The stack is exhausted: the guard page below it was touched. */
  record StackOverflow(long address) implements CpuFault {}

  /** The time limit passed, or it was interrupted; {@code nanoseconds} is how long it had run. */
  record SoftLockup(long nanoseconds) implements CpuFault {}
}
