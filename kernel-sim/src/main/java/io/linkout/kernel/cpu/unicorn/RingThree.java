package io.linkout.kernel.cpu.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.linkout.kernel.cpu.GuestLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Takes a new engine from ring 0 without paging to ring 3 with paging, and leaves nothing behind
 * that guest code could use to come back: no descriptor table, no page.
 */
final class RingThree {
  private static final int CR0 = 50;
  private static final int CR3 = 53;
  private static final int CR4 = 54;
  private static final int RSP = 44;
  private static final int CS = 11;
  private static final int GDTR = 243;
  private static final int IDTR = 242;
  private static final int FPU_CONTROL = 246;
  private static final int MXCSR = 249;

  // PG, WP, NE, ET, MP, PE
  private static final long CR0_BITS = 0x8001_0033L;
  // OSXMMEXCPT, OSFXSR, PAE
  private static final long CR4_BITS = 0x620;

  // As Linux has them: arch/x86/include/asm/segment.h, __USER_DS and __USER_CS
  private static final long USER_DATA = 0x2b;
  private static final long USER_CODE = 0x33;

  private static final int CODE = 0x100;
  private static final int STACK = 0x800;
  private static final int GDT_ENTRIES = 7;

  private RingThree() {}

  /**
   * Enters ring 3 and returns the context to start calls from.
   *
   * @param page a guest page that nothing uses, before or after
   * @param landing where the first instruction in ring 3 is: one that stops the run
   * @param exit an executable address where nothing ever runs
   */
  static MemorySegment enter(Engine engine, PageTables tables, long page, long landing, long exit) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment boot = arena.allocate(GuestLayout.PAGE, GuestLayout.PAGE);
      // Intel SDM volume 3A, 3.4.5: 64-bit code and flat data, for ring 0 and for ring 3.
      boot.setAtIndex(JAVA_LONG, 2, 0x00af9b000000ffffL);
      boot.setAtIndex(JAVA_LONG, 3, 0x00cf93000000ffffL);
      boot.setAtIndex(JAVA_LONG, USER_DATA / 8, 0x00cff3000000ffffL);
      boot.setAtIndex(JAVA_LONG, USER_CODE / 8, 0x00affb000000ffffL);
      boot.set(JAVA_BYTE, CODE, (byte) 0x48); // iretq
      boot.set(JAVA_BYTE, CODE + 1, (byte) 0xcf);
      long[] frame = {landing, USER_CODE, 0x202, 0, USER_DATA};
      for (int i = 0; i < frame.length; i++) {
        boot.set(JAVA_LONG, STACK + i * 8L, frame[i]);
      }
      engine.map(page, boot, Engine.PERMIT_ALL);
      tables.setSupervisor(page);
      engine.write(CR4, CR4_BITS);
      engine.write(CR3, tables.root());
      engine.write(CR0, CR0_BITS);
      table(engine, arena, GDTR, page, GDT_ENTRIES * 8 - 1);
      engine.write(RSP, page + STACK);
      int error = engine.start(page + CODE, exit);
      if (error != Engine.INVALID_INSTRUCTION || engine.read(CS) != USER_CODE) {
        throw new IllegalStateException(
            "ring 3 not reached: error " + error + ", cs " + Long.toHexString(engine.read(CS)));
      }
      table(engine, arena, GDTR, 0, 0);
      table(engine, arena, IDTR, 0, 0);
      engine.write(FPU_CONTROL, 0x37f);
      engine.write(MXCSR, 0x1f80);
      MemorySegment pristine = engine.context();
      engine.save(pristine);
      // Unmapping faults inside Unicorn when it looks for translations to drop, since ring 3 may
      // not execute the page; the one there is can only be found in ring 0. Hence the save before.
      engine.unmap(page, GuestLayout.PAGE);
      tables.clear(page, 1);
      engine.restore(pristine);
      return pristine;
    }
  }

  /** Sets a descriptor-table register: struct uc_x86_mmr. */
  private static void table(Engine engine, Arena arena, int register, long base, int limit) {
    MemorySegment mmr = arena.allocate(24, 8);
    mmr.set(JAVA_SHORT, 0, (short) 0);
    mmr.set(JAVA_LONG, 8, base);
    mmr.set(JAVA_INT, 16, limit);
    engine.write(register, mmr);
  }
}
