package io.linkout.kernel.api.oops;

import io.linkout.kernel.cpu.GuestMemory;
import org.jspecify.annotations.Nullable;

/**
 * How to find the caller's frame at an instruction: {@code struct orc_entry} of
 * arch/x86/include/asm/orc_types.h, Linux 6.1: s16 sp offset, s16 bp offset, then bit fields sp_reg
 * 4, bp_reg 4, type 2, end 1. Since 6.4 the last four bits are type 3, signal 1, and types have
 * other numbers: {@link TableForms#typedOrc}. Here all have those of 6.1.
 *
 * @param stackOffset bytes from the base register to the caller's stack pointer
 * @param frameOffset bytes to where rbp was saved
 * @param stackBase register or memory the stack offset counts from: the constants here
 * @param frameBase likewise for the frame offset
 * @param type 0: an ordinary frame; others are entry code
 * @param end nothing lies above
 */
public record OrcEntry(
    int stackOffset, int frameOffset, int stackBase, int frameBase, int type, boolean end) {
  /** Bytes of an entry of {@code .orc_unwind}. */
  public static final int SIZE = 6;

  /** The register did not change, or nothing is known. */
  public static final int UNDEFINED = 0;

  /** The caller's stack pointer. */
  public static final int PREVIOUS_SP = 1;

  /** rdx. */
  public static final int DX = 2;

  /** rdi. */
  public static final int DI = 3;

  /** rbp. */
  public static final int BP = 4;

  /** rsp. */
  public static final int SP = 5;

  /** r10. */
  public static final int R10 = 6;

  /** r13. */
  public static final int R13 = 7;

  /** Memory at rbp + offset. */
  public static final int BP_INDIRECT = 8;

  /** Memory at rsp, plus offset. */
  public static final int SP_INDIRECT = 9;

  /** ORC_TYPE_END_OF_STACK since 6.4. */
  private static final int TYPED_END = 1;

  /** ORC_TYPE_CALL since 6.4. */
  private static final int TYPED_CALL = 2;

  /** A frame that entry code made, or none that is known. */
  private static final int OTHER = 1;

  /** A frame made by a call. */
  public static final int CALL = 0;

  /** Returns the entry that holds at {@code address}: the last at or before it, or null. */
  public static @Nullable OrcEntry find(
      GuestMemory memory, TableForms forms, TableSpan addresses, TableSpan entries, long address) {
    int low = 0;
    int high = Math.min(addresses.entries(4), entries.entries(SIZE)) - 1;
    int found = -1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long at = addresses.address() + 4L * middle;
      if (Long.compareUnsigned(at + memory.readInt(at), address) <= 0) {
        found = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return found < 0 ? null : read(memory, forms, entries.address() + (long) found * SIZE);
  }

  private static OrcEntry read(GuestMemory memory, TableForms forms, long at) {
    int bases = memory.readByte(at + 4);
    int rest = memory.readByte(at + 5);
    int type = rest & 3;
    boolean end = (rest & 4) != 0;
    if (forms.typedOrc()) {
      type = (rest & 7) == TYPED_CALL ? CALL : OTHER;
      end = (rest & 7) == TYPED_END;
    }
    return new OrcEntry(
        (short) memory.readShort(at),
        (short) memory.readShort(at + 2),
        bases & 0xf,
        bases >>> 4,
        type,
        end);
  }
}
