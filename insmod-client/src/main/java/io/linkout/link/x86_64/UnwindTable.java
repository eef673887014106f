package io.linkout.link.x86_64;

import io.linkout.link.Complaints;
import io.linkout.link.Errno;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Sorts {@code .orc_unwind_ip}, rel32 each, together with {@code .orc_unwind}, 6 bytes each, by
 * address; of two at one address that which ends a gap first ({@code arch/x86/kernel/unwind_orc.c}:
 * orc_sort_cmp, 6.1).
 *
 * <p>amdgpu has 107,000 entries: sorting them took longer than its 320,000 relocations. But they
 * are far from random: objtool writes them in order for each code section of each object, and the
 * link of the module appends objects one after the other. So the table is a few runs of rising
 * entries, each in one code section, and the runs of one code section rise as well: laid end to end
 * section by section they are sorted, and a run moves as a block (November 2026). A table of any
 * other making is sorted the long way.
 */
final class UnwindTable {
  /** Bytes of struct orc_entry. */
  static final int ENTRY = 6;

  /** Bits of a key below the address and the mark of a real entry. */
  private static final int INDEX_BITS = 28;

  private static final long BIAS = 1L << 33;

  private UnwindTable() {}

  /**
   * Sorts the two tables, complaining if they are not of one length.
   *
   * @param code ranges of the code sections by address: start and end of each, from the first
   *     table's address in bytes
   */
  static void sort(
      long[] code,
      ByteBuffer addresses,
      int addressStart,
      int count,
      ByteBuffer entries,
      int entryStart,
      int entryCount,
      Complaints complaints) {
    if (entryCount != count) {
      complaints.add(
          Errno.ENOEXEC,
          "section .orc_unwind: " + entryCount + " entries for " + count + " addresses");
      return;
    }
    Runs runs = Runs.find(code, addresses, addressStart, count, entries, entryStart);
    if (runs != null) {
      if (runs.count > 1) {
        runs.join(addresses, addressStart, count, entries, entryStart);
      }
      return;
    }
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(addresses, addressStart, entries, entryStart, i);
    }
    Arrays.sort(keys);
    rewrite(keys, addresses, addressStart, entries, entryStart);
  }

  /**
   * Returns a number that holds all of the order: 34 bits of address relative to the table, one for
   * a real entry, 28 of index.
   */
  private static long key(
      ByteBuffer addresses, int addressStart, ByteBuffer entries, int entryStart, int index) {
    long address = 4L * index + addresses.getInt(addressStart + 4 * index) + BIAS;
    long real = endsGap(entries, entryStart, index) ? 0 : 1L << INDEX_BITS;
    return address << (INDEX_BITS + 1) | real | index;
  }

  /**
   * Returns true for the terminator that objtool adds for a gap: sp_reg undefined and, in 6.1, no
   * end (bit 10), from 6.4 on of type undefined (bits 8 to 10). What is undefined in 6.1 has type 0
   * as well.
   */
  private static boolean endsGap(ByteBuffer entries, int entryStart, int index) {
    return (entries.getShort(entryStart + index * ENTRY + 4) & 0x70f) == 0;
  }

  private static void rewrite(
      long[] order, ByteBuffer addresses, int addressStart, ByteBuffer entries, int entryStart) {
    byte[] old = new byte[order.length * ENTRY];
    entries.get(entryStart, old);
    byte[] sorted = new byte[old.length];
    for (int i = 0; i < order.length; i++) {
      long address = (order[i] >>> (INDEX_BITS + 1)) - BIAS;
      addresses.putInt(addressStart + 4 * i, (int) (address - 4L * i));
      int from = (int) (order[i] & ((1 << INDEX_BITS) - 1)) * ENTRY;
      int to = i * ENTRY;
      for (int b = 0; b < ENTRY; b++) {
        sorted[to + b] = old[from + b];
      }
    }
    entries.put(entryStart, sorted);
  }

  /** The table as runs of rising entries, each of one code section; addresses from the table's. */
  private static final class Runs {
    private final long[] code;
    private final long[] address;
    private final ByteBuffer entries;
    private final int entryStart;
    private int[] start = new int[64];
    private int[] section = new int[64];
    private int count;

    private Runs(long[] code, long[] address, ByteBuffer entries, int entryStart) {
      this.code = code;
      this.address = address;
      this.entries = entries;
      this.entryStart = entryStart;
    }

    /** Returns the runs, null if the entries are not of that making. */
    static @org.jspecify.annotations.Nullable Runs find(
        long[] code,
        ByteBuffer addresses,
        int addressStart,
        int size,
        ByteBuffer entries,
        int entryStart) {
      long[] address = new long[size];
      for (int i = 0; i < size; i++) {
        address[i] = 4L * i + addresses.getInt(addressStart + 4 * i);
      }
      Runs runs = new Runs(code, address, entries, entryStart);
      int last = -1;
      for (int i = 0; i < size; i++) {
        if (last >= 0 && runs.in(last, i) && runs.rises(i - 1, i)) {
          continue;
        }
        last = runs.sectionOf(i);
        if (last < 0) {
          return null;
        }
        runs.begin(i, last);
      }
      return runs.rise(size) ? runs : null;
    }

    /** A gap may end where a section does; a real entry there is the next section's first. */
    private boolean in(int s, int index) {
      long at = address[index];
      long from = code[2 * s];
      long to = code[2 * s + 1];
      if (at > from && at < to) {
        return true;
      }
      return at == from
          ? !endsGap(entries, entryStart, index)
          : at == to && endsGap(entries, entryStart, index);
    }

    private int sectionOf(int index) {
      for (int s = 0; s < code.length / 2; s++) {
        if (in(s, index)) {
          return s;
        }
      }
      return -1;
    }

    /** Returns true if entry {@code second} may stand after entry {@code first}. */
    private boolean rises(int first, int second) {
      return address[first] < address[second]
          || (address[first] == address[second]
              && (endsGap(entries, entryStart, first) || !endsGap(entries, entryStart, second)));
    }

    private void begin(int index, int inSection) {
      if (count == start.length) {
        start = Arrays.copyOf(start, count * 2);
        section = Arrays.copyOf(section, count * 2);
      }
      start[count] = index;
      section[count++] = inSection;
    }

    private int end(int run, int size) {
      return run + 1 < count ? start[run + 1] : size;
    }

    /** Returns true if the runs of each section rise. */
    private boolean rise(int size) {
      int[] before = new int[code.length / 2];
      Arrays.fill(before, -1);
      for (int run = 0; run < count; run++) {
        int previous = before[section[run]];
        if (previous >= 0 && !rises(end(previous, size) - 1, start[run])) {
          return false;
        }
        before[section[run]] = run;
      }
      return true;
    }

    /** Lays the runs end to end, section by section. */
    void join(ByteBuffer addresses, int addressStart, int size, ByteBuffer table, int tableStart) {
      byte[] old = new byte[size * ENTRY];
      table.get(tableStart, old);
      int to = 0;
      for (int s = 0; s < code.length / 2; s++) {
        for (int run = 0; run < count; run++) {
          if (section[run] != s) {
            continue;
          }
          int from = start[run];
          int length = end(run, size) - from;
          table.put(tableStart + to * ENTRY, old, from * ENTRY, length * ENTRY);
          for (int i = 0; i < length; i++, to++) {
            addresses.putInt(addressStart + 4 * to, (int) (address[from + i] - 4L * to));
          }
        }
      }
    }
  }
}
