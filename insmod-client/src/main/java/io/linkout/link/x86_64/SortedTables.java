package io.linkout.link.x86_64;

import io.linkout.elf.Elf;
import io.linkout.elf.SectionHeaders;
import io.linkout.link.Complaints;
import io.linkout.link.Errno;
import io.linkout.link.FixupContext;
import io.linkout.link.LinkPlan;
import io.linkout.link.ModuleImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts the tables that the kernel searches. Their entries point at things relative to their own
 * address, so an entry that moves has its pointers moved back by as much. A table in order, as the
 * build leaves most, costs one look at each entry.
 *
 * <ul>
 *   <li>{@code __ex_table}, 12 bytes: rel32 instruction, rel32 fix-up, u32; by instruction ({@code
 *       lib/extable.c}: sort_extable)
 *   <li>{@code .orc_unwind_ip} with {@code .orc_unwind}: {@link UnwindTable}
 *   <li>{@code __jump_table}, 16 bytes: rel32 code, rel32 target, rel64 key with two flag bits; by
 *       key, then code ({@code kernel/jump_label.c}: jump_label_cmp)
 *   <li>{@code .static_call_sites}, 8 bytes: rel32 site, rel32 key with two flag bits; by key
 *       ({@code kernel/static_call_inline.c}: static_call_site_cmp)
 * </ul>
 *
 * All as of 6.1.
 */
final class SortedTables {
  private static final int EX_ENTRY = 12;
  private static final int JUMP_ENTRY = 16;
  private static final int CALL_ENTRY = 8;
  private static final long FLAGS = 3;

  private SortedTables() {}

  /** Sorts all four. */
  static void sort(FixupContext context, Complaints complaints) {
    Table exceptions = Table.of(context, "__ex_table", EX_ENTRY, complaints);
    if (exceptions != null) {
      exceptions.sort(at -> at + exceptions.int32(at), at -> 0, 2, 0);
    }
    Table jumps = Table.of(context, "__jump_table", JUMP_ENTRY, complaints);
    if (jumps != null) {
      jumps.sort(at -> (at + 8 + jumps.int64(at + 8)) & ~FLAGS, at -> at + jumps.int32(at), 2, 1);
    }
    Table calls = Table.of(context, ".static_call_sites", CALL_ENTRY, complaints);
    if (calls != null) {
      calls.sort(at -> (at + 4 + calls.int32(at + 4)) & ~FLAGS, at -> 0, 2, 0);
    }
    Table addresses = Table.of(context, ".orc_unwind_ip", 4, complaints);
    Table entries = Table.of(context, ".orc_unwind", UnwindTable.ENTRY, complaints);
    if (addresses != null && entries != null) {
      UnwindTable.sort(
          codeRanges(context, addresses.address),
          addresses.bytes,
          addresses.start,
          addresses.count,
          entries.bytes,
          entries.start,
          entries.count,
          complaints);
    }
  }

  /** Returns start and end of each loaded code section, by address, from {@code base} in bytes. */
  private static long[] codeRanges(FixupContext context, long base) {
    LinkPlan plan = context.image().plan();
    SectionHeaders sections = plan.elf().sections();
    List<long[]> found = new ArrayList<>();
    for (int i = 1; i < sections.count(); i++) {
      if (plan.layout().isLoaded(i) && sections.has(i, Elf.SHF_EXECINSTR) && sections.size(i) > 0) {
        long start = plan.sectionAddress(i) - base;
        found.add(new long[] {start, start + sections.size(i)});
      }
    }
    found.sort((a, b) -> Long.compare(a[0], b[0]));
    long[] ranges = new long[found.size() * 2];
    for (int i = 0; i < found.size(); i++) {
      ranges[2 * i] = found.get(i)[0];
      ranges[2 * i + 1] = found.get(i)[1];
    }
    return ranges;
  }

  /** Computes something for the entry at a guest address. */
  private interface Key {
    long of(long at);
  }

  /** A table in the image. */
  private record Table(ByteBuffer bytes, int start, long address, int entry, int count) {

    static @org.jspecify.annotations.Nullable Table of(
        FixupContext context, String name, int entry, Complaints complaints) {
      int section = context.section(name);
      ModuleImage image = context.image();
      if (section == 0 || image.plan().elf().sections().size(section) == 0) {
        return null;
      }
      long size = image.plan().elf().sections().size(section);
      long address = image.plan().sectionAddress(section);
      if (size % entry != 0 || !image.isBacked(address, (int) size)) {
        complaints.add(
            Errno.ENOEXEC,
            "section " + name + ": " + size + " bytes are no whole number of entries");
        return null;
      }
      int segment = image.plan().layout().segmentOf(section);
      return new Table(
          image.bytes(segment),
          image.offset(segment, address),
          address,
          entry,
          (int) (size / entry));
    }

    long int32(long at) {
      return bytes.getInt(start + (int) (at - address));
    }

    long int64(long at) {
      return bytes.getLong(start + (int) (at - address));
    }

    /**
     * Sorts by {@code first}, then {@code second}; an entry begins with {@code words} rel32
     * followed by {@code longs} rel64 (static calls: the flags in the second word move along
     * unharmed, since entries lie 8 apart).
     */
    void sort(Key first, Key second, int words, int longs) {
      if (isSorted(first, second)) {
        return;
      }
      Entry[] entries = new Entry[count];
      for (int i = 0; i < count; i++) {
        long at = address + (long) i * entry;
        entries[i] = new Entry(first.of(at), second.of(at), i);
      }
      Arrays.sort(entries);
      byte[] old = new byte[count * entry];
      bytes.get(start, old);
      for (int i = 0; i < count; i++) {
        int to = start + i * entry;
        bytes.put(to, old, entries[i].index * entry, entry);
        int moved = (entries[i].index - i) * entry;
        for (int w = 0; w < words; w++) {
          bytes.putInt(to + 4 * w, bytes.getInt(to + 4 * w) + moved);
        }
        for (int l = 0; l < longs; l++) {
          int at = to + 4 * words + 8 * l;
          bytes.putLong(at, bytes.getLong(at) + moved);
        }
      }
    }

    private boolean isSorted(Key first, Key second) {
      for (int i = 1; i < count; i++) {
        long at = address + (long) i * entry;
        int order = Long.compareUnsigned(first.of(at - entry), first.of(at));
        if (order > 0
            || (order == 0 && Long.compareUnsigned(second.of(at - entry), second.of(at)) > 0)) {
          return false;
        }
      }
      return true;
    }
  }

  private record Entry(long first, long second, int index) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int order = Long.compareUnsigned(first, other.first);
      if (order == 0) {
        order = Long.compareUnsigned(second, other.second);
      }
      return order == 0 ? Integer.compare(index, other.index) : order;
    }
  }
}
