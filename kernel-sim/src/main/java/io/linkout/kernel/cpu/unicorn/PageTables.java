package io.linkout.kernel.cpu.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.Protection;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Four-level page tables (Intel SDM volume 3A, 4.5) in memory that only the MMU reads. They say
 * which guest pages are present and writable; the frame a page leads to is the page itself, since
 * Unicorn 2.0 takes virtual addresses for physical ones after a successful walk.
 *
 * <p>Not-executable is not among the bits: Unicorn's CPU cannot set EFER.NXE.
 */
final class PageTables {
  /** Physical address of the root and of all tables: far from any address a kernel uses. */
  static final long BASE = 0x1000_0000L;

  private static final long PRESENT = 1;
  private static final long WRITABLE = 2;
  private static final long USER = 4;
  private static final long ACCESSED = 0x20;
  private static final long DIRTY = 0x40;
  private static final long FRAME = 0xff_ffff_f000L;

  private static final int TABLES_A_CHUNK = 64;
  private static final long CHUNK = (long) TABLES_A_CHUNK * GuestLayout.PAGE;

  /** A table of the last level and how many of its entries are present. */
  private static final class Leaf {
    final int table;
    int present;

    Leaf(int table) {
      this.table = table;
    }
  }

  private final Engine engine;
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final Deque<Integer> free = new ArrayDeque<>();
  private final Map<Long, Leaf> leaves = new HashMap<>();

  /** Empty tables: nothing is present. */
  PageTables(Engine engine) {
    this.engine = engine;
    int root = allocate();
    if (root != 0) {
      throw new IllegalStateException("root table is " + root);
    }
  }

  /** Returns the physical address of the root: CR3. */
  long root() {
    return BASE;
  }

  /** Makes {@code pages} pages from {@code address} on present for ring 3. */
  void set(long address, long pages, Protection protection) {
    long bits = PRESENT | USER | ACCESSED | (protection.writable() ? WRITABLE | DIRTY : 0);
    for (long page = address, end = address + pages * GuestLayout.PAGE; page != end; ) {
      long first = page;
      Leaf leaf = leaves.computeIfAbsent(first >>> 21, key -> linked(first));
      MemorySegment table = table(leaf.table);
      do {
        int index = index(page, 12);
        if (table.getAtIndex(JAVA_LONG, index) == 0) {
          leaf.present++;
        }
        table.setAtIndex(JAVA_LONG, index, (page & FRAME) | bits);
        page += GuestLayout.PAGE;
      } while (page != end && index(page, 12) != 0);
    }
  }

  /** Makes one page present for ring 0 only. */
  void setSupervisor(long page) {
    set(page, 1, Protection.READ_WRITE);
    Leaf leaf = leaves.get(page >>> 21);
    if (leaf != null) {
      entry(leaf.table, index(page, 12), (page & FRAME) | PRESENT | WRITABLE | ACCESSED | DIRTY);
    }
  }

  /** Makes {@code pages} pages from {@code address} on absent; all of them are present. */
  void clear(long address, long pages) {
    for (long page = address, end = address + pages * GuestLayout.PAGE; page != end; ) {
      long first = page;
      Leaf leaf = leaves.get(first >>> 21);
      if (leaf == null) {
        throw new IllegalStateException("not present: " + Long.toHexString(first));
      }
      MemorySegment table = table(leaf.table);
      do {
        table.setAtIndex(JAVA_LONG, index(page, 12), 0);
        leaf.present--;
        page += GuestLayout.PAGE;
      } while (page != end && index(page, 12) != 0);
      if (leaf.present == 0) {
        entry(directory(first), index(first, 21), 0);
        leaves.remove(first >>> 21);
        free.push(leaf.table);
      }
    }
  }

  private Leaf linked(long page) {
    int table = allocate();
    entry(directory(page), index(page, 21), physical(table) | PRESENT | WRITABLE | USER | ACCESSED);
    return new Leaf(table);
  }

  private int directory(long page) {
    return below(below(0, index(page, 39)), index(page, 30));
  }

  private int below(int table, int index) {
    long entry = entry(table, index);
    if (entry == 0) {
      int next = allocate();
      entry(table, index, physical(next) | PRESENT | WRITABLE | USER | ACCESSED);
      return next;
    }
    return (int) (((entry & FRAME) - BASE) / GuestLayout.PAGE);
  }

  private int allocate() {
    Integer known = free.poll();
    if (known != null) {
      return known;
    }
    MemorySegment chunk = engine.arena().allocate(CHUNK, GuestLayout.PAGE);
    engine.map(BASE + chunks.size() * CHUNK, chunk, Engine.PERMIT_READ_WRITE);
    chunks.add(chunk);
    int first = (chunks.size() - 1) * TABLES_A_CHUNK;
    for (int table = first + TABLES_A_CHUNK - 1; table > first; table--) {
      free.push(table);
    }
    return first;
  }

  private static long physical(int table) {
    return BASE + (long) table * GuestLayout.PAGE;
  }

  private static int index(long page, int shift) {
    return (int) (page >>> shift) & 511;
  }

  private long entry(int table, int index) {
    return table(table).getAtIndex(JAVA_LONG, index);
  }

  private void entry(int table, int index, long value) {
    table(table).setAtIndex(JAVA_LONG, index, value);
  }

  private MemorySegment table(int table) {
    return chunks
        .get(table / TABLES_A_CHUNK)
        .asSlice((long) (table % TABLES_A_CHUNK) * GuestLayout.PAGE, GuestLayout.PAGE);
  }
}
