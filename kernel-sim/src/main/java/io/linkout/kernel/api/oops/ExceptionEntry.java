package io.linkout.kernel.api.oops;

import io.linkout.kernel.cpu.GuestMemory;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code __ex_table}: {@code struct exception_table_entry} of
 * arch/x86/include/asm/extable.h, Linux 5.17 and later: s32 instruction and s32 fix-up, each
 * relative to itself, and a word of data laid out as in extable_fixup_types.h.
 *
 * @param fixup where to go on
 * @param type bits 0–7 of the data
 * @param register bits 8–11: a general register as x86 encodes it
 * @param clears bits 12–15: 1 rax, 2 rdx are to be zero
 * @param immediate bits 16–31, signed
 */
public record ExceptionEntry(long fixup, int type, int register, int clears, int immediate) {
  /** Bytes of an entry. */
  public static final int SIZE = 12;

  /** Returns the entry for the instruction at {@code address}, or null; the table is sorted. */
  public static @Nullable ExceptionEntry find(GuestMemory memory, TableSpan table, long address) {
    int low = 0;
    int high = table.entries(SIZE) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long at = table.address() + (long) middle * SIZE;
      int order = Long.compareUnsigned(at + memory.readInt(at), address);
      if (order == 0) {
        return read(memory, at);
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  private static ExceptionEntry read(GuestMemory memory, long at) {
    int data = memory.readInt(at + 8);
    return new ExceptionEntry(
        at + 4 + memory.readInt(at + 4),
        data & 0xff,
        data >>> 8 & 0xf,
        data >>> 12 & 0xf,
        data >> 16);
  }
}
