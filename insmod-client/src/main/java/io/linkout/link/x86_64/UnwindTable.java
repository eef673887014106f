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
 * link of the module appends objects one after the other, so that the entries of one code section
 * rise. Dealt out to their code sections, and these laid end to end by address, they are sorted: 1
 * ms instead of 3 (November 2026). A table of any other making is sorted the long way.
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
    long[] keys = new long[count];
    boolean sorted = true;
    for (int i = 0; i < count; i++) {
      keys[i] = key(addresses, addressStart, entries, entryStart, i);
      sorted &= i == 0 || keys[i] > keys[i - 1];
    }
    if (!sorted) {
      long[] order = bySection(keys, code);
      rewrite(
          order == null ? sortedKeys(keys) : order, addresses, addressStart, entries, entryStart);
    }
  }

  /**
   * Returns a number that holds all of the order: 34 bits of address relative to the table, one for
   * a real entry, 28 of index.
   */
  private static long key(
      ByteBuffer addresses, int addressStart, ByteBuffer entries, int entryStart, int index) {
    long address = 4L * index + addresses.getInt(addressStart + 4 * index) + BIAS;
    int registers = entries.getShort(entryStart + index * ENTRY + 4);
    // The terminator that objtool adds for a gap: sp_reg undefined and, in 6.1, no end (bit 10),
    // from 6.4 on of type undefined (bits 8 to 10). What is undefined in 6.1 has type 0 as well.
    boolean gapEnd = (registers & 0x70f) == 0;
    return address << (INDEX_BITS + 1) | (gapEnd ? 0L : 1L << INDEX_BITS) | index;
  }

  private static long[] sortedKeys(long[] keys) {
    long[] order = keys.clone();
    Arrays.sort(order);
    return order;
  }

  /** Returns the keys in order if those of each code section are, else null. */
  private static long @org.jspecify.annotations.Nullable [] bySection(long[] keys, long[] code) {
    int sections = code.length / 2;
    if (sections == 0 || sections > Byte.MAX_VALUE) {
      return null;
    }
    // The end of a gap may lie at the end of a section, a real entry at its start: a range of keys
    // goes from a real entry at its start to before a real entry at its end.
    long[] bounds = new long[code.length];
    for (int i = 0; i < code.length; i++) {
      bounds[i] = (code[i] + BIAS) << (INDEX_BITS + 1) | 1L << INDEX_BITS;
    }
    byte[] sectionOf = new byte[keys.length];
    int[] size = new int[sections + 1];
    int current = 0;
    for (int i = 0; i < keys.length; i++) {
      long key = keys[i];
      if (key < bounds[2 * current] || key >= bounds[2 * current + 1]) {
        current = sectionOf(key, bounds);
        if (current < 0) {
          return null;
        }
      }
      sectionOf[i] = (byte) current;
      size[current + 1]++;
    }
    for (int s = 0; s < sections; s++) {
      size[s + 1] += size[s];
    }
    long[] order = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      order[size[sectionOf[i]]++] = keys[i];
    }
    for (int i = 1; i < order.length; i++) {
      if (order[i] < order[i - 1]) {
        return null;
      }
    }
    return order;
  }

  private static int sectionOf(long key, long[] bounds) {
    for (int s = 0; s < bounds.length / 2; s++) {
      if (key >= bounds[2 * s] && key < bounds[2 * s + 1]) {
        return s;
      }
    }
    return -1;
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
}
