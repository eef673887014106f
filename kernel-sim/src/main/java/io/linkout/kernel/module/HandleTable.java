package io.linkout.kernel.module;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.memory.HostPages;
import io.linkout.kernel.memory.ModuleArea;
import io.linkout.kernel.memory.PercpuOffsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All memory of modules and modules to be, and the books on it: every byte is counted under handles
 * or under modules from the moment it is taken until it is given back.
 */
public final class HandleTable {
  /** Bytes of the largest alignment that may be asked for. */
  public static final long MAX_ALIGNMENT = 1L << 30;

  private final ModuleArea area = new ModuleArea();
  private final PercpuOffsets percpu = new PercpuOffsets();
  private final Map<Long, Handle> handles = new LinkedHashMap<>();
  private long nextId = 1;
  private long handleBytes;
  private long moduleBytes;

  /**
   * Takes space for {@code specs}, all of it or none.
   *
   * @throws Refusal (invalid) if a size or an alignment makes no sense, (no memory) if there is no
   *     room
   */
  public Handle allocate(Owner owner, String label, List<SegmentSpec> specs) {
    specs.forEach(HandleTable::check);
    HostPages core = new HostPages();
    HostPages init = new HostPages();
    List<PlacedSegment> placed = new ArrayList<>();
    try {
      for (SegmentSpec spec : specs) {
        placed.add(place(spec, spec.kind().init() ? init : core));
      }
    } catch (HostPages.Exhausted | Refusal e) {
      placed.forEach(this::release);
      core.close();
      init.close();
      throw e instanceof Refusal refusal
          ? refusal
          : Refusal.noMemory(String.valueOf(e.getMessage()));
    }
    Handle handle = new Handle(nextId++, owner, label, new ModuleMemory(placed, core, init));
    handles.put(handle.id(), handle);
    handleBytes += handle.bytes();
    return handle;
  }

  /** Gives a handle's space back; nothing of it may be mapped. */
  public void free(Handle handle) {
    remove(handle);
    handle.segments().forEach(this::release);
    handle.memory().close();
  }

  /** Makes the handle's space a module's; its init segments, unmapped by now, are given back. */
  void adopt(Handle handle) {
    remove(handle);
    handle.memory().dropInit().forEach(this::release);
    moduleBytes += handle.bytes();
  }

  /** Makes all of the handle's space a module's, which may still be mapped and never goes live. */
  void keep(Handle handle) {
    remove(handle);
    moduleBytes += handle.bytes();
  }

  /** Gives back the space of a module that was adopted or kept; nothing of it may be mapped. */
  void freeModule(ModuleMemory memory) {
    moduleBytes -= memory.bytes();
    memory.segments().forEach(this::release);
    memory.close();
  }

  /** Returns the handles that no module was made of, oldest first. */
  public Collection<Handle> handles() {
    return List.copyOf(handles.values());
  }

  /** Returns how many handles there are. */
  public int count() {
    return handles.size();
  }

  /** Returns how many bytes they take. */
  public long handleBytes() {
    return handleBytes;
  }

  /** Returns how many bytes modules take. */
  public long moduleBytes() {
    return moduleBytes;
  }

  /** Returns how many bytes of the module area are free. */
  public long freeBytes() {
    return area.freeBytes();
  }

  private void remove(Handle handle) {
    if (handles.remove(handle.id()) == null) {
      throw new IllegalStateException("handle " + handle.id() + " is gone already");
    }
    handleBytes -= handle.bytes();
  }

  private PlacedSegment place(SegmentSpec spec, HostPages pages) throws HostPages.Exhausted {
    boolean perCpu = spec.kind() == LoadImage.Kind.PERCPU;
    OptionalLong address =
        perCpu
            ? percpu.allocate(spec.size(), spec.alignment())
            : area.allocate(spec.size(), spec.alignment());
    if (address.isEmpty()) {
      throw Refusal.noMemory(
          "no room for %d bytes aligned to %d in the %s area"
              .formatted(spec.size(), spec.alignment(), perCpu ? "per-CPU" : "module"));
    }
    boolean kept = false;
    try {
      long hostBytes = perCpu ? spec.size() : GuestLayout.pageUp(spec.size());
      PlacedSegment segment =
          new PlacedSegment(
              spec.kind(), address.getAsLong(), spec.size(), pages.allocate(hostBytes));
      kept = true;
      return segment;
    } finally {
      if (!kept) {
        releaseAddress(spec.kind(), address.getAsLong(), spec.size());
      }
    }
  }

  private void release(PlacedSegment segment) {
    releaseAddress(segment.kind(), segment.address(), segment.size());
  }

  private void releaseAddress(LoadImage.Kind kind, long address, long size) {
    if (kind == LoadImage.Kind.PERCPU) {
      percpu.free(address, size);
    } else {
      area.free(address, size);
    }
  }

  private static void check(SegmentSpec spec) {
    if (spec.size() <= 0) {
      throw Refusal.invalid(
          Errno.EINVAL, "segment of %s bytes".formatted(Long.toUnsignedString(spec.size())));
    }
    boolean perCpu = spec.kind() == LoadImage.Kind.PERCPU;
    long most = perCpu ? GuestLayout.PAGE : MAX_ALIGNMENT;
    if (Long.bitCount(spec.alignment()) != 1 || spec.alignment() < 0 || spec.alignment() > most) {
      throw Refusal.invalid(
          Errno.EINVAL,
          "alignment %s is not a power of two of at most %d"
              .formatted(Long.toUnsignedString(spec.alignment()), most));
    }
  }
}
