package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;

/**
 * A guest's va_list (System V x86-64 psABI 3.5.7): gp_offset (4 bytes), fp_offset (4),
 * overflow_arg_area (8), reg_save_area (8). The kernel passes no floating-point arguments.
 */
final class VaList implements FormatArguments {
  /** Six registers of eight bytes are in the save area. */
  private static final int GP_END = 48;

  private static final int OVERFLOW_AREA = 8;
  private static final int SAVE_AREA = 16;

  private final GuestMemory memory;
  private final long saveArea;
  private int gpOffset;
  private long overflow;

  VaList(GuestMemory memory, long address) {
    this.memory = memory;
    this.gpOffset = memory.readInt(address);
    this.overflow = memory.readLong(address + OVERFLOW_AREA);
    this.saveArea = memory.readLong(address + SAVE_AREA);
  }

  @Override
  public long next() {
    if (Integer.compareUnsigned(gpOffset, GP_END) < 0) {
      long value = memory.readLong(saveArea + gpOffset);
      gpOffset += 8;
      return value;
    }
    long value = memory.readLong(overflow);
    overflow += 8;
    return value;
  }
}
