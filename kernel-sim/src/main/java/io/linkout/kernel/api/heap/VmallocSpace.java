package io.linkout.kernel.api.heap;

import io.linkout.kernel.api.Owners;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** vmalloc areas: whole pages, a guard page after each (mm/vmalloc.c). */
final class VmallocSpace {
  /** The first 16 MiB are for stacks and call buffers. */
  private static final long START = GuestLayout.VMALLOC + 0x1000000L;

  private static final int POISON_FREE = 0x6b;

  private final GuestMemory memory;
  private final HeapBudget budget;
  private final ObjectTable objects;
  private final Owners owners;
  private final AddressRanges space = new AddressRanges(START, START + (1L << 40));
  private final Map<Long, HostArea> areas = new HashMap<>();

  VmallocSpace(GuestMemory memory, HeapBudget budget, ObjectTable objects, Owners owners) {
    this.memory = memory;
    this.budget = budget;
    this.objects = objects;
    this.owners = owners;
  }

  /** Allocates {@code size} bytes; returns a guest address, or 0 if there is no memory. */
  long allocate(long size, boolean zero, long caller) {
    long bytes = GuestLayout.pageUp(size);
    if (size <= 0 || bytes <= 0 || !budget.take(bytes)) {
      return 0;
    }
    OptionalLong address = space.take(bytes + GuestLayout.PAGE, GuestLayout.PAGE);
    try {
      long start = address.orElseThrow(OutOfMemoryError::new);
      HostArea area = new HostArea(bytes);
      memory.map(start, area.pages(), Protection.READ_WRITE, "vmalloc", "");
      if (!zero) {
        memory.fill(start, bytes, POISON_FREE);
      }
      areas.put(start, area);
      objects.add(new HeapObject("vmalloc", start, size, bytes, owners.ownerOf(caller), caller));
      return start;
    } catch (OutOfMemoryError e) {
      // Native memory only: the Java heap is as healthy as before.
      address.ifPresent(start -> space.giveBack(start, bytes + GuestLayout.PAGE));
      budget.giveBack(bytes);
      return 0;
    }
  }

  /** Frees the area that begins at {@code address}; returns false if none does. */
  boolean free(long address) {
    HeapObject object = objects.at(address);
    HostArea area = areas.remove(address);
    if (object == null || area == null) {
      return false;
    }
    objects.remove(object);
    memory.unmap(address);
    area.close();
    space.giveBack(address, object.capacity() + GuestLayout.PAGE);
    budget.giveBack(object.capacity());
    return true;
  }

  /** Returns true if {@code address} lies in vmalloc space. */
  static boolean contains(long address) {
    return GuestLayout.within(address, GuestLayout.VMALLOC, GuestLayout.VMALLOC_END);
  }

  /** Frees all that is charged to {@code owner}, and returns what it was. */
  List<HeapObject> reclaim(long owner) {
    List<HeapObject> reclaimed = new ArrayList<>();
    for (HeapObject object : objects.of(owner)) {
      if (areas.containsKey(object.address())) {
        free(object.address());
        reclaimed.add(object);
      }
    }
    return reclaimed;
  }

  /** Frees the host memory; the address space is no longer used then. */
  void close() {
    areas.values().forEach(HostArea::close);
    areas.clear();
  }
}
