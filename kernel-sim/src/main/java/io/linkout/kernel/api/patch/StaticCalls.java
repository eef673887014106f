package io.linkout.kernel.api.patch;

import io.linkout.kernel.api.LoadImage.Table;
import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.GuestMemory;

/**
 * Calls that are patched when a static call's function changes (kernel/static_call_inline.c and
 * arch/x86/kernel/static_call.c of 6.1). A key that the kernel does not export is named by its
 * trampoline; such a site keeps calling the trampoline.
 */
public final class StaticCalls {
  private static final int ENTRY = 8;
  private static final long TAIL = 1;
  private static final long FLAGS = 3;
  private static final byte[] NOP5 = {0x0f, 0x1f, 0x44, 0, 0};

  /** {@code xor eax, eax} of five bytes, for a function that only returns 0. */
  private static final byte[] ZERO = {0x2e, 0x2e, 0x2e, 0x31, (byte) 0xc0};

  private static final byte[] RETURN = {
    (byte) 0xc3, (byte) 0xcc, (byte) 0xcc, (byte) 0xcc, (byte) 0xcc
  };

  private record Site(long code, boolean tail) implements PatchedSites.Site {}

  private final GuestMemory memory;
  private final PatchedSites<Site> sites = new PatchedSites<>();
  private long returnZero;

  /** No sites yet. */
  public StaticCalls(GuestMemory memory) {
    this.memory = memory;
  }

  /** Says where {@code __static_call_return0} is. */
  public void returnZero(long address) {
    returnZero = address;
  }

  /** Takes the sites of {@code table} and patches them as their keys are. */
  public void add(Table table) {
    for (long entry = table.address(); entry < table.address() + table.length(); entry += ENTRY) {
      long code = entry + memory.readInt(entry);
      long keyAndFlags = entry + 4 + memory.readInt(entry + 4);
      long key = keyAndFlags & ~FLAGS;
      boolean trampoline = memory.allows(key, 1, Access.FETCH);
      if (!trampoline && !isConditional(code) && memory.allows(key, 8, Access.READ)) {
        Site site = new Site(code, (keyAndFlags & TAIL) != 0);
        sites.add(key, site);
        patch(site, memory.readLong(key));
      }
    }
  }

  /**
   * Returns true for a Jcc to the trampoline, six bytes, which compilers make of a tail call and
   * Linux patches from 6.3 on. It stays as it is: the trampoline is patched as well.
   */
  private boolean isConditional(long code) {
    return memory.readByte(code) == 0x0f && (memory.readByte(code + 1) & 0xf0) == 0x80;
  }

  /**
   * Makes {@code function} what {@code key} and its trampoline call.
   *
   * @param trampoline guest address of its five bytes
   * @param function guest address, or 0 for none
   */
  public void update(long key, long trampoline, long function) {
    memory.writeLong(key, function);
    if (trampoline != 0) {
      memory.patch(trampoline, function == 0 ? RETURN : jump(trampoline, function));
    }
    for (Site site : sites.of(key)) {
      patch(site, function);
    }
  }

  private void patch(Site site, long function) {
    byte[] code;
    if (site.tail()) {
      code = function == 0 ? RETURN : jump(site.code(), function);
    } else if (function == 0) {
      code = NOP5;
    } else {
      code = function == returnZero ? ZERO : relative(0xe8, function - site.code() - NOP5.length);
    }
    memory.patch(site.code(), code);
  }

  private static byte[] jump(long at, long function) {
    return relative(0xe9, function - at - NOP5.length);
  }

  /** Returns the five bytes of an instruction {@code opcode} with a 32-bit {@code distance}. */
  static byte[] relative(int opcode, long distance) {
    return new byte[] {
      (byte) opcode,
      (byte) distance,
      (byte) (distance >> 8),
      (byte) (distance >> 16),
      (byte) (distance >> 24)
    };
  }

  /** Forgets all sites in {@code [start, end)}: they are about to be unmapped. */
  public void forget(long start, long end) {
    sites.forget(start, end);
  }
}
