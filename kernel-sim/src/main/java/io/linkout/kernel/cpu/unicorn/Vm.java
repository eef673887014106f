package io.linkout.kernel.cpu.unicorn;

import io.linkout.kernel.cpu.GuestLayout;
import java.lang.foreign.MemorySegment;

/**
 * An engine in ring 3 with all that belongs to it. It is thrown away after a while: translated code
 * piles up in a buffer of 1 GiB (24 bytes for each byte of guest code, measured), and when Unicorn
 * clears that it touches all of it, which takes seconds and a gigabyte.
 *
 * @param pristine the context that calls start from; freed with the engine
 */
record Vm(
    Engine engine,
    PageTables tables,
    RegisterFile registers,
    Interceptions interceptions,
    MemorySegment pristine) {
  private static final int GS_BASE = 251;
  private static final long BOOT_PAGE = GuestLayout.CPU_PAGE + 2 * GuestLayout.PAGE;

  /** An engine of {@code library} in ring 3; {@code live} shows it guest memory from now on. */
  static Vm boot(Engine engine, PageTables tables, LiveMemory live, long exit) {
    Interceptions interceptions = new Interceptions(engine, live);
    interceptions.reset();
    MemorySegment pristine =
        RingThree.enter(engine, tables, BOOT_PAGE, GuestLayout.RETURN_SLOT, exit);
    return new Vm(engine, tables, new RegisterFile(engine), interceptions, pristine);
  }

  /** Sets the base of gs that calls start with; not during a call. */
  void gsBase(long address) {
    engine.restore(pristine);
    engine.write(GS_BASE, address);
    engine.save(pristine);
  }

  /** Frees the engine; the watchdog must have left it before. */
  void close() {
    engine.free(pristine);
    engine.close();
  }
}
