package io.linkout.kernel.cpu.unicorn;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.FaultHandler;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.cpu.GuestTimeout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One call of guest code, from its first instruction to its outcome: a loop of runs of the engine.
 * After each run exactly one thing is done: the call has returned, a kernel function is carried
 * out, a callback's result is passed on, memory is brought in, or there is a fault.
 */
final class GuestRun {
  private static final int CR2 = 52;
  private static final int GENERAL_PROTECTION = 13;
  private static final int PAGE_FAULT = 14;
  private static final int DIVIDE_ERROR = 0;
  private static final int DEBUG = 1;
  private static final int LONGEST_INSTRUCTION = 15;

  /** A kernel function waiting for guest code it called. */
  private record Waiting(KernelFunctionCall call, LongUnaryOperator then) {}

  private final UnicornCpu cpu;
  private final Vm vm;
  private final Engine engine;
  private final RegisterFile registers;
  private final GuestMemory memory;
  private final LiveMemory live;
  private final Interceptions interceptions;
  private final Watchdog watchdog;
  private final BooleanSupplier overdue;
  private final long stackGuard;
  private final long began = System.nanoTime();
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private long next;
  private long stopBefore = UnicornCpu.EXIT;
  private @Nullable String refusal;
  private long endOfStack;
  private @Nullable CpuOutcome outcome;

  GuestRun(UnicornCpu cpu, long stackGuard) {
    this.cpu = cpu;
    this.vm = cpu.vm();
    this.engine = vm.engine();
    this.registers = vm.registers();
    this.memory = cpu.memory();
    this.live = cpu.live();
    this.interceptions = vm.interceptions();
    this.watchdog = cpu.watchdog();
    this.overdue = watchdog::expired;
    this.stackGuard = stackGuard;
  }

  /** Calls {@code function} from the pristine state and returns how that ended. */
  CpuOutcome call(long function, long[] arguments, long stackTop) {
    engine.restore(vm.pristine());
    int onStack = Math.max(0, arguments.length - 6);
    long sp = (stackTop - 8L * onStack) & -16L;
    for (int i = 0; i < onStack; i++) {
      memory.writeLong(sp + 8L * i, arguments[6 + i]);
    }
    sp -= 8;
    memory.writeLong(sp, UnicornCpu.RETURN);
    endOfStack = sp + 8;
    enter(function, sp, arguments);
    while (outcome == null) {
      run();
    }
    return outcome;
  }

  private void enter(long function, long sp, long[] arguments) {
    registers.set(RegisterFile.RSP, sp);
    registers.set(RegisterFile.RAX, 0);
    for (int i = 0; i < 6; i++) {
      registers.set(RegisterFile.RDI + i, i < arguments.length ? arguments[i] : 0);
    }
    registers.write(RegisterFile.R9);
    next = function;
  }

  private void run() {
    if (watchdog.expired()) {
      registers.readAll();
      registers.set(RegisterFile.RIP, next);
      lockedUp();
      return;
    }
    interceptions.reset();
    long stops = watchdog.entering();
    long until = stopBefore;
    stopBefore = UnicornCpu.EXIT;
    int error = engine.start(next, until);
    watchdog.left();
    int vector = interceptions.vector();
    if (error == Engine.FETCH_PROTECTED && interceptions.gate().exhausted()) {
      registers.readAll();
      fault(new CpuFault.Oops("linkout: one call ran more code than this kernel translates"), true);
    } else if (error == Engine.FETCH_PROTECTED && interceptions.gate().refused()) {
      refused(until);
    } else if (error == Engine.INVALID_INSTRUCTION) {
      registers.read(RegisterFile.CALL);
      invalidInstruction(registers.get(RegisterFile.RIP));
    } else if (error == Engine.OK && vector == Interceptions.NONE) {
      stopped(stops, until);
    } else if (error == Engine.OK) {
      exception(vector);
    } else {
      memoryError(error);
    }
  }

  private void invalidInstruction(long rip) {
    if (rip == UnicornCpu.RETURN
        && waiting.isEmpty()
        && registers.get(RegisterFile.RSP) == endOfStack) {
      outcome = new CpuOutcome.Returned(registers.get(RegisterFile.RAX));
      return;
    }
    if (rip == UnicornCpu.CONTINUE && resumeFunction()) {
      return;
    }
    int slot = cpu.slotAt(rip);
    if (slot >= 0) {
      kernelFunction(slot);
      return;
    }
    registers.readAll();
    fault(new CpuFault.InvalidOpcode(), false);
  }

  private void kernelFunction(int slot) {
    KernelFunctionCall call;
    long result;
    memory.workBegins(overdue);
    try {
      call = new KernelFunctionCall(registers, memory);
      result = cpu.trapHandler().trap(slot, call);
    } catch (GuestFault | GuestOops | GuestTimeout e) {
      functionFailed(e);
      return;
    }
    memory.workEnds();
    leave(call, result);
  }

  /** Passes a callback's result on, unless the guest came here by itself. */
  private boolean resumeFunction() {
    Waiting top = waiting.peek();
    if (top == null || registers.get(RegisterFile.RSP) != top.call().stackPointer() - 8) {
      return false;
    }
    waiting.pop();
    long result;
    memory.workBegins(overdue);
    try {
      result = top.then().applyAsLong(registers.get(RegisterFile.RAX));
    } catch (GuestFault | GuestOops | GuestTimeout e) {
      functionFailed(e);
      return true;
    }
    memory.workEnds();
    leave(top.call(), result);
    return true;
  }

  private void functionFailed(RuntimeException why) {
    memory.workEnds();
    registers.readAll();
    switch (why) {
      case GuestFault e -> fault(new CpuFault.FunctionPage(e.address(), e.access()), false);
      case GuestOops e -> fault(new CpuFault.Oops(e.headline()), false);
      default -> lockedUp();
    }
  }

  /** Returns from a kernel function as {@code ret} does, or calls what it asked for. */
  private void leave(KernelFunctionCall call, long result) {
    KernelFunctionCall.Callback callback = call.takeCallback();
    if (callback == null) {
      registers.set(RegisterFile.RSP, call.stackPointer() + 8);
      registers.set(RegisterFile.RAX, result);
      registers.write(RegisterFile.RAX);
      next = call.returnAddress();
      return;
    }
    // Below the function's own return address: a word that keeps the stack aligned, and the
    // address the callback returns to.
    long sp = call.stackPointer() - 16;
    try {
      memory.writeLong(sp + 8, 0);
      memory.writeLong(sp, UnicornCpu.CONTINUE);
    } catch (GuestFault e) {
      registers.readAll();
      fault(page(e.address(), Access.WRITE), false);
      return;
    }
    waiting.push(new Waiting(call, callback.then()));
    enter(callback.function(), sp, callback.arguments());
  }

  /**
   * The translator met code that is not let through. What comes before it in its block has not run
   * yet: that is done first, so that the fault is where it should be.
   */
  private void refused(long until) {
    registers.readAll();
    long at = interceptions.gate().refusedAt();
    refusal = interceptions.gate().refusal();
    if (registers.get(RegisterFile.RIP) == at || until == at) {
      refusal();
    } else {
      stopBefore = at;
      next = registers.get(RegisterFile.RIP);
    }
  }

  private void refusal() {
    String name = refusal;
    fault(name == null ? new CpuFault.InvalidOpcode() : new CpuFault.Forbidden(name), true);
  }

  /** A run ended without an error and without an exception. */
  private void stopped(long stops, long until) {
    registers.readAll();
    if (until != UnicornCpu.EXIT && registers.get(RegisterFile.RIP) == until) {
      refusal();
    } else if (watchdog.expired()) {
      lockedUp();
    } else if (watchdog.maybeStopped(stops)) {
      next = registers.get(RegisterFile.RIP);
    } else {
      // The exit address, or something that halts: no module can mean either.
      fault(new CpuFault.Forbidden("hlt"), false);
    }
  }

  private void exception(int vector) {
    registers.readAll();
    switch (vector) {
      case PAGE_FAULT -> pageFault(engine.read(CR2));
      case DIVIDE_ERROR -> fault(new CpuFault.Divide(), true);
      case GENERAL_PROTECTION -> fault(new CpuFault.Protection(), true);
      default -> {
        backUpOver(vector);
        fault(new CpuFault.OtherVector(vector), true);
      }
    }
  }

  private void pageFault(long address) {
    Access access = access(address);
    boolean blank = live.removeBlanks();
    if (live.bringIn(address)) {
      resume(registers.get(RegisterFile.RIP), true);
      return;
    }
    fault(page(address, access), blank || access != Access.READ);
  }

  /**
   * How {@code address} was touched, which Unicorn does not tell: an instruction is fetched from
   * its own address; what may be read was written; what is not there Unicorn asked about before.
   */
  private Access access(long address) {
    long beyond = address - registers.get(RegisterFile.RIP);
    if (beyond >= 0
        && beyond < LONGEST_INSTRUCTION
        && (beyond == 0 || address % GuestLayout.PAGE == 0)
        && !memory.allows(address, 1, Access.READ)) {
      return Access.FETCH;
    }
    if (memory.allows(address, 1, Access.READ) || interceptions.wroteTo(address)) {
      return Access.WRITE;
    }
    return Access.READ;
  }

  /** A run ended by Unicorn's own check of its regions. */
  private void memoryError(int error) {
    registers.readAll();
    live.removeBlanks();
    long address = interceptions.touched();
    if (live.bringIn(address)) {
      resume(registers.get(RegisterFile.RIP), true);
      return;
    }
    switch (error) {
      case Engine.FETCH_PROTECTED, Engine.FETCH_UNMAPPED ->
          fault(page(address, Access.FETCH), true);
      case Engine.READ_UNMAPPED, Engine.READ_PROTECTED -> fault(page(address, Access.READ), true);
      case Engine.WRITE_UNMAPPED, Engine.WRITE_PROTECTED ->
          fault(page(address, Access.WRITE), true);
      default -> throw new IllegalStateException("uc_emu_start failed with error " + error);
    }
  }

  private CpuFault page(long address, Access access) {
    if (Long.compareUnsigned(address - stackGuard, GuestLayout.PAGE) < 0) {
      return new CpuFault.StackOverflow(address);
    }
    boolean mapped = memory.allows(address, 1, Access.READ);
    return new CpuFault.Page(address, access, mapped);
  }

  /** A software interrupt leaves the instruction pointer behind itself; a report wants it at it. */
  private void backUpOver(int vector) {
    long rip = registers.get(RegisterFile.RIP);
    try {
      if (vector == 3 && memory.readByte(rip - 1) == 0xcc) {
        registers.set(RegisterFile.RIP, rip - 1);
      } else if (vector != DEBUG
          && memory.readByte(rip - 2) == 0xcd
          && memory.readByte(rip - 1) == vector) {
        registers.set(RegisterFile.RIP, rip - 2);
      }
    } catch (GuestFault e) {
      // Nothing readable before it: it stays.
    }
  }

  private void lockedUp() {
    CpuFault fault = new CpuFault.SoftLockup(System.nanoTime() - began);
    outcome = new CpuOutcome.Died(fault, registers.snapshot());
  }

  /** All registers were read, the instruction pointer is exact: asks what to do about it. */
  private void fault(CpuFault fault, boolean dirty) {
    long at = cpu.atFault(fault, registers.snapshot());
    if (at == FaultHandler.DIE) {
      outcome = new CpuOutcome.Died(fault, registers.snapshot());
    } else {
      resume(at, dirty);
    }
  }

  /**
   * Goes on at {@code rip} with the registers as they are in the file.
   *
   * @param dirty the CPU remembers an exception: a second one would be a double fault, so its state
   *     is made anew
   */
  private void resume(long rip, boolean dirty) {
    if (dirty) {
      registers.readVectors();
      engine.restore(vm.pristine());
      registers.writeVectors();
    }
    registers.writeAll();
    next = rip;
  }
}
