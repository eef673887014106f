package io.linkout.kernel.cpu.unicorn;

import io.linkout.kernel.cpu.Cpu;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.FaultHandler;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import io.linkout.kernel.cpu.Registers;
import io.linkout.kernel.cpu.TrapHandler;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The CPU on Unicorn 2.0. See the package's comment for how it works. */
public final class UnicornCpu implements Cpu {
  private static final int GS_BASE = 251;

  private static final long OWN_PAGE = GuestLayout.CPU_PAGE;
  private static final long BOOT_PAGE = OWN_PAGE + 2 * GuestLayout.PAGE;

  /** Where a call made by {@link #call} returns to. */
  static final long RETURN = GuestLayout.RETURN_SLOT;

  /** Where guest code returns to that a kernel function called. */
  static final long CONTINUE = GuestLayout.CALLBACK_SLOT;

  /**
   * Where Unicorn thinks a run ends: nothing goes there. After each run Unicorn drops translations
   * of it, and if it were not present, that would leave a page fault behind in the CPU's state.
   */
  static final long EXIT = OWN_PAGE + 0x800;

  private static final byte INT3 = (byte) 0xcc;

  private final Thread owner = Thread.currentThread();
  private final Engine engine;
  private final LiveMemory live;
  private final GuestMemory memory;
  private final RegisterFile registers;
  private final Interceptions interceptions;
  private final Watchdog watchdog;
  private final MemorySegment pristine;
  private final int[] features;

  private long trapBase;
  private long trapEnd;
  private TrapHandler trapHandler =
      (slot, frame) -> {
        throw new IllegalStateException("no traps are installed");
      };
  private FaultHandler faultHandler = (fault, faulting) -> FaultHandler.DIE;
  private boolean inFault;
  private boolean calling;

  /**
   * A CPU in an address space of its own that holds nothing but the page that calls return to.
   *
   * @throws UnicornUnavailableException if libunicorn 2.0 cannot be loaded
   */
  public UnicornCpu() {
    engine = new Engine(UnicornLibrary.load());
    PageTables tables = new PageTables(engine);
    live = new LiveMemory(engine, tables, OWN_PAGE);
    memory = new GuestMemory(live);
    registers = new RegisterFile(engine);
    interceptions = new Interceptions(engine, live);
    MemorySegment own = engine.arena().allocate(GuestLayout.PAGE, GuestLayout.PAGE);
    own.fill(INT3);
    MemorySegment.copy(MemorySegment.ofArray(trapCode()), 0, own, 0, TRAP_STRIDE);
    MemorySegment.copy(MemorySegment.ofArray(trapCode()), 0, own, CONTINUE - OWN_PAGE, TRAP_STRIDE);
    memory.map(OWN_PAGE, own, Protection.READ_EXECUTE, "cpu return slots", "");
    interceptions.reset();
    pristine = RingThree.enter(engine, tables, BOOT_PAGE, RETURN, EXIT);
    watchdog = new Watchdog(engine);
    features = FeatureProbes.run(this, engine.arena());
    interceptions.cpuid(new CpuidAnswers(features));
  }

  @Override
  public GuestMemory memory() {
    return memory;
  }

  @Override
  public void installTraps(long base, int slots, TrapHandler handler) {
    trapBase = base;
    trapEnd = base + (long) slots * TRAP_STRIDE;
    trapHandler = handler;
  }

  @Override
  public byte[] trapCode() {
    byte[] code = new byte[TRAP_STRIDE];
    Arrays.fill(code, INT3);
    code[0] = 0x0f; // ud2
    code[1] = 0x0b;
    return code;
  }

  @Override
  public void onFault(FaultHandler handler) {
    faultHandler = handler;
  }

  @Override
  public void onTick(Runnable tick) {
    watchdog.onTick(tick);
  }

  @Override
  public void gsBase(long address) {
    if (calling) {
      throw new IllegalStateException("gs base cannot change during a call");
    }
    engine.restore(pristine);
    engine.write(GS_BASE, address);
    engine.save(pristine);
  }

  @Override
  public CpuOutcome call(
      long function, long[] arguments, long stackTop, long stackGuard, long timeoutNanos) {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException("called on " + Thread.currentThread().getName());
    }
    if (calling) {
      throw new IllegalStateException("a kernel function must use TrapFrame.callGuest");
    }
    calling = true;
    watchdog.begin(timeoutNanos);
    try {
      return new GuestRun(this, stackGuard, timeoutNanos).call(function, arguments, stackTop);
    } finally {
      watchdog.end();
      calling = false;
    }
  }

  @Override
  public void setRegister(int number, long value) {
    if (!inFault) {
      throw new IllegalStateException("registers can be set by a fault handler only");
    }
    registers.setEncoded(number, value);
  }

  @Override
  public void interrupt() {
    watchdog.interrupt();
  }

  @Override
  public int[] features() {
    return features.clone();
  }

  /** Frees the engine; guest memory may be freed after this. */
  @Override
  public void close() {
    watchdog.close();
    engine.free(pristine);
    engine.close();
  }

  /** Returns the number of mappings Unicorn knows at the moment. */
  int liveMappings() {
    return live.live();
  }

  /** Asks the fault handler. */
  long atFault(CpuFault fault, Registers faulting) {
    inFault = true;
    try {
      return faultHandler.onFault(fault, faulting);
    } finally {
      inFault = false;
    }
  }

  /** Returns the trap slot that begins at {@code address}, or -1. */
  int slotAt(long address) {
    return GuestLayout.within(address, trapBase, trapEnd) && (address - trapBase) % TRAP_STRIDE == 0
        ? (int) ((address - trapBase) / TRAP_STRIDE)
        : -1;
  }

  Engine engine() {
    return engine;
  }

  LiveMemory live() {
    return live;
  }

  RegisterFile registers() {
    return registers;
  }

  Interceptions interceptions() {
    return interceptions;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  MemorySegment pristine() {
    return pristine;
  }

  TrapHandler trapHandler() {
    return trapHandler;
  }
}
