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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The CPU on Unicorn 2.0. See the package's comment for how it works. */
public final class UnicornCpu implements Cpu {
  private static final long OWN_PAGE = GuestLayout.CPU_PAGE;

  /** Where a call made by {@link #call} returns to. */
  static final long RETURN = GuestLayout.RETURN_SLOT;

  /** Where guest code returns to that a kernel function called. */
  static final long CONTINUE = GuestLayout.CALLBACK_SLOT;

  /**
   * Where Unicorn thinks a run ends: nothing goes there. After each run Unicorn drops translations
   * of it, and if it were not present, that would leave a page fault behind in the CPU's state.
   */
  static final long EXIT = OWN_PAGE + 0x800;

  /** Bytes of code translated after which the engine is replaced: some 50 MB of translations. */
  static final long RENEWAL = 2 << 20;

  private static final byte INT3 = (byte) 0xcc;

  private final Thread owner = Thread.currentThread();
  private final UnicornLibrary library;
  private final Arena arena = Arena.ofShared();
  private final LiveMemory live;
  private final GuestMemory memory;
  private final Watchdog watchdog;
  private final int[] features;
  private Vm vm;
  private long gsBase;

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
    library = UnicornLibrary.load();
    Engine engine = new Engine(library);
    PageTables tables = new PageTables(engine);
    live = new LiveMemory(engine, tables, OWN_PAGE);
    memory = new GuestMemory(live);
    MemorySegment own = arena.allocate(GuestLayout.PAGE, GuestLayout.PAGE);
    own.fill(INT3);
    MemorySegment.copy(MemorySegment.ofArray(trapCode()), 0, own, 0, TRAP_STRIDE);
    MemorySegment.copy(MemorySegment.ofArray(trapCode()), 0, own, CONTINUE - OWN_PAGE, TRAP_STRIDE);
    memory.map(OWN_PAGE, own, Protection.READ_EXECUTE, "cpu return slots", "");
    vm = Vm.boot(engine, tables, live, EXIT);
    watchdog = new Watchdog(engine);
    features = FeatureProbes.run(this, arena);
    vm.interceptions().cpuid(new CpuidAnswers(features));
  }

  private void renew() {
    Engine engine = new Engine(library);
    PageTables tables = new PageTables(engine);
    live.moveTo(engine, tables);
    watchdog.watch(engine);
    vm.close();
    vm = Vm.boot(engine, tables, live, EXIT);
    vm.interceptions().cpuid(new CpuidAnswers(features));
    vm.gsBase(gsBase);
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
    gsBase = address;
    vm.gsBase(address);
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
    if (vm.interceptions().gate().translated() > RENEWAL) {
      renew();
    }
    calling = true;
    watchdog.begin(timeoutNanos);
    try {
      return new GuestRun(this, stackGuard).call(function, arguments, stackTop);
    } finally {
      memory.workEnds();
      watchdog.end();
      calling = false;
    }
  }

  @Override
  public void setRegister(int number, long value) {
    if (!inFault) {
      throw new IllegalStateException("registers can be set by a fault handler only");
    }
    vm.registers().setEncoded(number, value);
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
    vm.close();
    arena.close();
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

  Vm vm() {
    return vm;
  }

  LiveMemory live() {
    return live;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  TrapHandler trapHandler() {
    return trapHandler;
  }
}
