package io.linkout.kernel.api.oops;

import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestMemory;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code __bug_table}: {@code struct bug_entry} of include/asm-generic/bug.h, Linux 6.1
 * with relative pointers: s32 address; with CONFIG_DEBUG_BUGVERBOSE s32 file name and u16 line; u16
 * flags. Pointers are relative to themselves. Where each lies is the release's: {@link TableForms}.
 *
 * @param at guest address of the entry
 * @param file source file, empty if the name cannot be read
 * @param flagsAt offset of the flags in the entry
 */
public record BugEntry(long at, String file, int line, int flags, int flagsAt) {
  private static final int WARNING = 1;
  private static final int ONCE = 2;
  private static final int DONE = 4;
  private static final int NO_CUT_HERE = 8;
  private static final int LONGEST_NAME = 4096;

  /** Returns the entry for the instruction at {@code address}, or null. */
  public static @Nullable BugEntry find(
      GuestMemory memory, TableForms forms, TableSpan table, long address) {
    int size = forms.bugBytes();
    for (int i = 0; i < table.entries(size); i++) {
      long at = table.address() + (long) i * size;
      if (at + memory.readInt(at) == address) {
        return new BugEntry(
            at,
            forms.bugFile() < 0 ? "" : fileName(memory, at + forms.bugFile()),
            forms.bugLine() < 0 ? 0 : memory.readShort(at + forms.bugLine()),
            memory.readShort(at + forms.bugFlags()),
            forms.bugFlags());
      }
    }
    return null;
  }

  private static String fileName(GuestMemory memory, long field) {
    try {
      return memory.readString(field + memory.readInt(field), LONGEST_NAME);
    } catch (GuestFault e) {
      return "";
    }
  }

  /** Returns true if it warns and goes on; otherwise it is a BUG. */
  public boolean warning() {
    return (flags & WARNING) != 0;
  }

  /** Returns true if it has nothing more to say: it warns once and did. */
  public boolean silent() {
    return (flags & (ONCE | DONE)) == (ONCE | DONE);
  }

  /** Returns true if its report begins without a line {@code cut here}: that was printed before. */
  public boolean cut() {
    return (flags & NO_CUT_HERE) != 0;
  }

  /** Returns the number of the taint it leaves: 9, TAINT_WARN, mostly. */
  public int taint() {
    return flags >>> 8;
  }

  /** Notes in the table that it warned, if it is to warn only once. */
  public void said(GuestMemory memory) {
    if ((flags & ONCE) != 0) {
      int done = flags | DONE;
      memory.patch(at + flagsAt, new byte[] {(byte) done, (byte) (done >>> 8)});
    }
  }
}
