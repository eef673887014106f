package io.linkout.kernel.module;

import io.linkout.kernel.api.LoadImage.Kind;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A module from the moment its activation was accepted. Belongs to the {@link ModuleTable}.
 *
 * <p>Invariant: it is in the holders of each of its dependencies as long as it is in the table.
 */
public final class LoadedModule {
  private final long loadId;
  private final Activation facts;
  private final Owner loader;
  private final ModuleMemory memory;
  private final List<LoadedModule> dependencies;
  private final ModuleExports exports;
  private final Deque<LoadedModule> holders = new ArrayDeque<>();
  private ModuleState state = ModuleState.COMING;
  private int guestReferences;
  private int pins;
  private boolean leaving;
  private @Nullable Death death;

  LoadedModule(
      long loadId,
      Activation facts,
      Owner loader,
      ModuleMemory memory,
      List<LoadedModule> dependencies,
      ExportTable table) {
    this.loadId = loadId;
    this.facts = facts.withoutExports();
    this.loader = loader;
    this.memory = memory;
    this.dependencies = List.copyOf(dependencies);
    this.exports =
        new ModuleExports(
            table,
            loadId,
            facts.exports().stream()
                .map(
                    e ->
                        new ExportedSymbol(
                            e.name(), e.address(), e.crc(), e.gplOnly(), e.namespace(), loadId))
                .toList());
  }

  /** Returns its number, never reused while the daemon runs. */
  public long loadId() {
    return loadId;
  }

  /** Returns its name. */
  public String name() {
    return facts.name();
  }

  /** Returns what the client said of it, checked, without {@link #exports}. */
  public Activation facts() {
    return facts;
  }

  /** Returns the connection that loaded it; it may be long gone. */
  public Owner loader() {
    return loader;
  }

  /** Returns where it is in its life. */
  public ModuleState state() {
    return state;
  }

  /** Returns its segments: without the init segments once live. */
  public List<PlacedSegment> segments() {
    return memory.segments();
  }

  /**
   * Returns the bytes of its core segments, in whole pages: what layout_sections of Linux makes of
   * its file. Without per-CPU memory, and without a second data segment, which holds the texts of
   * string parameters: Linux has those in its heap.
   */
  public long coreBytes() {
    long bytes = 0;
    boolean data = false;
    for (PlacedSegment segment : segments()) {
      Kind kind = segment.kind();
      if (!kind.init() && kind != Kind.PERCPU && !(kind == Kind.DATA && data)) {
        bytes += GuestLayout.pageUp(segment.size());
      }
      data |= kind == Kind.DATA;
    }
    return bytes;
  }

  /** Returns the modules it uses. */
  public List<LoadedModule> dependencies() {
    return dependencies;
  }

  /** Returns the modules that use it, newest first. */
  public List<LoadedModule> holders() {
    return List.copyOf(holders);
  }

  /** Returns how many references there are: one for each holder, and those of guest code. */
  public int references() {
    return holders.size() + guestReferences;
  }

  /** Returns how many connections pin it. */
  public int pins() {
    return pins;
  }

  /** Returns what it exports. */
  ModuleExports exports() {
    return exports;
  }

  /** Returns true if it has an init and no exit, so that it cannot be removed unless forced. */
  public boolean permanent() {
    return facts.init() != 0 && facts.exit() == 0;
  }

  /** Returns true if its code died and it is still there. */
  public boolean dead() {
    return death != null;
  }

  /** Returns what its code died in last, or null. */
  @Nullable Death death() {
    return death;
  }

  /**
   * Returns true if no one is at work on it and it is not live either: its exit or its load died.
   * Only force gets it out.
   */
  public boolean stuck() {
    return state == ModuleState.GOING && !leaving;
  }

  /** Returns true if {@code address} lies in its code. */
  public boolean hasText(long address) {
    return segments().stream().anyMatch(s -> s.text() && s.contains(address, 1));
  }

  /** One more connection holds it; paired with {@link #unpin}. */
  public void pin() {
    pins++;
  }

  /** One connection less holds it. */
  public void unpin() {
    if (pins == 0) {
      throw new IllegalStateException("module " + name() + " is not pinned");
    }
    pins--;
  }

  ModuleMemory memory() {
    return memory;
  }

  int guestReferences() {
    return guestReferences;
  }

  void state(ModuleState next) {
    state = next;
  }

  void died(Death how) {
    death = how;
  }

  /** A removal is queued or under way; there is one at a time. */
  void leaving(boolean now) {
    leaving = now;
  }

  void guestReference(int delta) {
    guestReferences += delta;
  }

  void addHolder(LoadedModule holder) {
    holders.addFirst(holder);
  }

  void removeHolder(LoadedModule holder) {
    holders.remove(holder);
  }
}
