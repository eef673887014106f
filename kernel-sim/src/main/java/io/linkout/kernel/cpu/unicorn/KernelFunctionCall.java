package io.linkout.kernel.cpu.unicorn;

import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** One call of a kernel function by guest code, from its trap slot to its return. */
final class KernelFunctionCall implements TrapFrame {
  /** A call of guest code that the function asked for. */
  @SuppressWarnings("ArrayRecordComponent")
  record Callback(long function, long[] arguments, LongUnaryOperator then) {}

  private static final int REGISTER_ARGUMENTS = 6;

  private final GuestMemory memory;
  private final long slot;
  private final long stackPointer;
  private final long returnAddress;
  private final long rax;
  private final long[] arguments = new long[REGISTER_ARGUMENTS];
  private @Nullable Callback wanted;

  /**
   * The call that {@code registers} show, read up to {@link RegisterFile#CALL}.
   *
   * @throws io.linkout.kernel.cpu.GuestFault if the stack pointer is bad
   */
  KernelFunctionCall(RegisterFile registers, GuestMemory memory) {
    this.memory = memory;
    slot = registers.get(RegisterFile.RIP);
    stackPointer = registers.get(RegisterFile.RSP);
    returnAddress = memory.readLong(stackPointer);
    rax = registers.get(RegisterFile.RAX);
    for (int i = 0; i < REGISTER_ARGUMENTS; i++) {
      arguments[i] = registers.get(RegisterFile.RDI + i);
    }
  }

  @Override
  public long argument(int index) {
    return index < REGISTER_ARGUMENTS
        ? arguments[index]
        : memory.readLong(stackPointer + 8L * (index - REGISTER_ARGUMENTS + 1));
  }

  @Override
  public long returnAddress() {
    return returnAddress;
  }

  @Override
  public long stackPointer() {
    return stackPointer;
  }

  @Override
  public long rax() {
    return rax;
  }

  @Override
  public GuestMemory memory() {
    return memory;
  }

  @Override
  public void callGuest(long function, long[] args, LongUnaryOperator then) {
    if (args.length > REGISTER_ARGUMENTS) {
      throw new IllegalArgumentException("at most 6 arguments, not " + args.length);
    }
    wanted = new Callback(function, args.clone(), then);
  }

  /** Returns the callback asked for since the last time, or null. */
  @Nullable Callback takeCallback() {
    Callback callback = wanted;
    wanted = null;
    return callback;
  }

  /** Returns the guest address of the trap slot. */
  long slot() {
    return slot;
  }
}
