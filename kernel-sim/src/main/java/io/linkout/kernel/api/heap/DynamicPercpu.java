package io.linkout.kernel.api.heap;

import io.linkout.kernel.api.Owners;
import io.linkout.kernel.api.image.PercpuArea;
import io.linkout.kernel.cpu.GuestLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * alloc_percpu (mm/percpu.c): per-CPU pointers are offsets from gs base, as per-CPU symbols are.
 * The objects are counted apart from the heap's, by offset.
 */
final class DynamicPercpu {
  private static final int GRANULE = 8;

  private final PercpuArea area;
  private final Owners owners;
  private final AddressRanges space =
      new AddressRanges(GuestLayout.PERCPU_MODULES_END, GuestLayout.PERCPU_SIZE);
  private final ObjectTable objects;
  private final Map<Long, HeapObject> byOffset = new HashMap<>();

  DynamicPercpu(PercpuArea area, ObjectTable objects, Owners owners) {
    this.area = area;
    this.objects = objects;
    this.owners = owners;
  }

  /** Allocates {@code size} zeroed bytes; returns the offset, or 0 if there is no room. */
  long allocate(long size, long alignment, long caller) {
    long bytes = (size + GRANULE - 1) & -(long) GRANULE;
    boolean power = Long.bitCount(alignment) == 1;
    if (size <= 0 || bytes > GuestLayout.PERCPU_SIZE || !power || alignment > GuestLayout.PAGE) {
      return 0;
    }
    OptionalLong offset = space.take(bytes, Math.max(alignment, GRANULE));
    if (offset.isEmpty()) {
      return 0;
    }
    long start = offset.getAsLong();
    area.clear(start, bytes);
    HeapObject object =
        new HeapObject(
            "percpu", PercpuArea.address(start), size, bytes, owners.ownerOf(caller), caller);
    byOffset.put(start, object);
    objects.add(object);
    return start;
  }

  /** Frees what is at {@code offset}; returns false if nothing is. */
  boolean free(long offset) {
    @Nullable HeapObject object = byOffset.remove(offset);
    if (object == null) {
      return false;
    }
    objects.remove(object);
    space.giveBack(offset, object.capacity());
    return true;
  }

  /** Frees all that is charged to {@code owner}, and returns what it was. */
  List<HeapObject> reclaim(long owner) {
    List<HeapObject> reclaimed = new ArrayList<>();
    for (Map.Entry<Long, HeapObject> entry : List.copyOf(byOffset.entrySet())) {
      if (entry.getValue().owner() == owner) {
        free(entry.getKey());
        reclaimed.add(entry.getValue());
      }
    }
    return reclaimed;
  }
}
