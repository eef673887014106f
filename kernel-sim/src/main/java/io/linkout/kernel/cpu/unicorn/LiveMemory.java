package io.linkout.kernel.cpu.unicorn;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows guest memory to Unicorn, a bounded number of mappings at a time: those that guest code has
 * touched most recently, first in, first out. See the package's comment for the reason.
 *
 * <p>A mapping is <em>live</em> if Unicorn has a region for it and its pages are present in the
 * page tables; both or neither. Host memory of a mapping must be native, and no two mappings may
 * share any of it, or stale translations could survive a patch.
 */
final class LiveMemory implements GuestMemory.Mirror {
  /** Live mappings at most: a map and unmap then costs about 60 µs. */
  static final int LIMIT = 128;

  /** One mapping as the mirror was told of it. */
  private static final class Region {
    final long address;
    final MemorySegment host;
    final boolean pinned;
    Protection protection;
    boolean live;

    Region(long address, MemorySegment host, Protection protection, boolean pinned) {
      this.address = address;
      this.host = host;
      this.protection = protection;
      this.pinned = pinned;
    }

    long size() {
      return host.byteSize();
    }

    long pages() {
      return size() / GuestLayout.PAGE;
    }

    boolean contains(long at) {
      return Long.compareUnsigned(at - address, size()) < 0;
    }
  }

  private final long pinned;
  private Engine engine;
  private PageTables tables;
  private MemorySegment blank;
  private final TreeMap<Long, Region> regions = new TreeMap<>(Long::compareUnsigned);
  private final Deque<Region> live = new ArrayDeque<>();
  private final List<Long> blanks = new ArrayList<>();

  /** Memory whose mapping at {@code pinned} stays live. */
  LiveMemory(Engine engine, PageTables tables, long pinned) {
    this.engine = engine;
    this.tables = tables;
    this.pinned = pinned;
    this.blank = engine.arena().allocate(GuestLayout.PAGE, GuestLayout.PAGE);
  }

  /** Goes on with another engine, in which nothing is live yet; the old one is gone or going. */
  void moveTo(Engine newEngine, PageTables newTables) {
    engine = newEngine;
    tables = newTables;
    blank = newEngine.arena().allocate(GuestLayout.PAGE, GuestLayout.PAGE);
    live.forEach(region -> region.live = false);
    live.clear();
    blanks.clear();
    regions.values().stream().filter(region -> region.pinned).forEach(this::enliven);
  }

  @Override
  public void mapped(long address, MemorySegment host, Protection protection) {
    if (!host.isNative()) {
      throw new IllegalArgumentException("guest memory must be native");
    }
    Region region = new Region(address, host, protection, address == pinned);
    regions.put(address, region);
    if (region.pinned) {
      enliven(region);
    }
  }

  @Override
  public void protectionChanged(long address, long size, Protection protection) {
    Region region = known(address);
    if (region.live) {
      // Nothing but taking a region out makes Unicorn forget cached page-table entries: writes of
      // CR0, CR3 and CR4 through its interface do not. It comes back when it is next touched.
      retire(region);
      live.remove(region);
    }
    region.protection = protection;
  }

  @Override
  public void unmapped(long address, long size) {
    Region region = known(address);
    if (region.live) {
      retire(region);
      live.remove(region);
    }
    regions.remove(address);
  }

  @Override
  public void codeChanged(long address, long size) {
    Region region = containing(address);
    if (region != null && region.live) {
      engine.forget(address, address + size);
    }
  }

  /**
   * Makes the mapping of {@code address} live if it is not; called between runs only.
   *
   * @return true if it was not and now is: the access is worth another try
   */
  boolean bringIn(long address) {
    Region region = containing(address);
    if (region == null || region.live || region.protection == Protection.NONE) {
      return false;
    }
    makeRoom();
    enliven(region);
    return true;
  }

  /**
   * Answers Unicorn's question about data at {@code address} that has no region; called in the
   * middle of a run. Either its mapping becomes live, or a blank region lets Unicorn go on to the
   * page tables, whose fault is exact. No region is removed here.
   *
   * @return false if neither can be done
   */
  boolean regionWanted(long address) {
    Region region = containing(address);
    if (region != null
        && !region.live
        && region.protection != Protection.NONE
        && live.size() < LIMIT) {
      enliven(region);
      return true;
    }
    long page = address & -(long) GuestLayout.PAGE;
    if (blanks.contains(page)) {
      return false;
    }
    engine.map(page, blank, Engine.PERMIT_READ_WRITE);
    blanks.add(page);
    return true;
  }

  /**
   * Removes the blank regions of the last run; called between runs.
   *
   * @return true if there were any: then the CPU's fault state is that of their removal
   */
  boolean removeBlanks() {
    if (blanks.isEmpty()) {
      return false;
    }
    for (long page : blanks) {
      engine.unmap(page, GuestLayout.PAGE);
    }
    blanks.clear();
    return true;
  }

  /** Returns the bytes at {@code address}, at most {@code length}, that may be executed. */
  byte[] code(long address, int length) {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      Region region = containing(address + done);
      if (region == null || !region.protection.executable()) {
        return Arrays.copyOf(bytes, done);
      }
      long offset = address + done - region.address;
      int part = (int) Math.min(length - done, region.size() - offset);
      MemorySegment.copy(region.host, ValueLayout.JAVA_BYTE, offset, bytes, done, part);
      done += part;
    }
    return bytes;
  }

  /** Returns the number of live mappings. */
  int live() {
    return live.size();
  }

  private void makeRoom() {
    if (live.size() < LIMIT) {
      return;
    }
    for (int i = 0; i < LIMIT / 4; i++) {
      Region oldest = live.removeFirst();
      if (oldest.pinned) {
        live.addLast(oldest);
      } else {
        retire(oldest);
      }
    }
  }

  private void enliven(Region region) {
    // Never executable: so Unicorn asks before it fetches, and the gate can answer.
    engine.map(region.address, region.host, Engine.PERMIT_READ_WRITE);
    tables.set(region.address, region.pages(), region.protection);
    region.live = true;
    live.addLast(region);
  }

  /** Translated code and cached page-table entries go while the pages are still present. */
  private void retire(Region region) {
    if (region.protection.executable()) {
      engine.forget(region.address, region.address + region.size());
    }
    engine.unmap(region.address, region.size());
    tables.clear(region.address, region.pages());
    region.live = false;
  }

  private Region known(long address) {
    Region region = regions.get(address);
    if (region == null) {
      throw new IllegalArgumentException("no mapping starts at " + Long.toHexString(address));
    }
    return region;
  }

  private @Nullable Region containing(long address) {
    Map.Entry<Long, Region> entry = regions.floorEntry(address);
    return entry != null && entry.getValue().contains(address) ? entry.getValue() : null;
  }
}
