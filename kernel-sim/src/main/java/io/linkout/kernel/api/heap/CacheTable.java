package io.linkout.kernel.api.heap;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.image.KernelData;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.personality.StructLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The caches guest code can name: struct kmem_cache pointers. The structure itself is opaque to
 * modules, so it is poison.
 */
final class CacheTable {
  private static final int STRUCTURE = 256;
  private static final long PAGE_SIZED = 4096;
  private static final int CACHE_LINE = 64;

  private final Map<Long, SlabCache> byAddress = new HashMap<>();
  private final SlabCache structures = new SlabCache("kmem_cache", STRUCTURE, CACHE_LINE, 0);
  private final Heap heap;
  private final Registrations registrations;
  private final Complaints complaints;
  private final KernelData data;
  private final int hwCacheAlign;

  CacheTable(
      Heap heap,
      Registrations registrations,
      Complaints complaints,
      KernelData data,
      StructLayout layout) {
    this.heap = heap;
    this.registrations = registrations;
    this.complaints = complaints;
    this.data = data;
    this.hwCacheAlign = layout.of("SLAB_HWCACHE_ALIGN");
  }

  /**
   * Provides {@code kmalloc_caches[types][indexes]}, which inline kmalloc indexes. The structures
   * lie in kernel data.
   */
  void provideKmallocCaches(GuestMemory memory, StructLayout layout) {
    int types = layout.of("NR_KMALLOC_TYPES");
    int indexes = layout.of("KMALLOC_SHIFT_HIGH") + 1;
    long table = data.variable("kmalloc_caches", Licence.ANY, 8L * types * indexes);
    for (int type = 0; type < types; type++) {
      List<SlabCache> caches =
          type == 0 ? heap.kmallocCaches().normal() : KmallocCaches.caches(prefix(type, layout));
      for (int index = 1; index < Math.min(indexes, caches.size()); index++) {
        long structure = data.hidden(STRUCTURE, "kmem_cache");
        data.fillPoison(structure, STRUCTURE, "struct kmem_cache");
        byAddress.put(structure, caches.get(index));
        memory.writeLong(table + 8L * (type * indexes + index), structure);
      }
    }
  }

  private static String prefix(int type, StructLayout layout) {
    if (layout.has("KMALLOC_DMA") && type == layout.of("KMALLOC_DMA")) {
      return "dma-kmalloc-";
    }
    if (layout.has("KMALLOC_RECLAIM") && type == layout.of("KMALLOC_RECLAIM")) {
      return "kmalloc-rcl-";
    }
    return "kmalloc-cg-";
  }

  /** Returns the guest address of a new cache, or 0. */
  long create(String name, long size, long align, long flags, long constructor, long caller) {
    if (size <= 0 || size > (4 << 20) || (align & (align - 1)) != 0 || align > PAGE_SIZED) {
      complaints.log(3, "kmem_cache_create(" + name + ") failed with error -22");
      return 0;
    }
    long structure = heap.takeInternal(structures);
    if (structure == 0) {
      return 0;
    }
    data.fillPoison(structure, STRUCTURE, "struct kmem_cache");
    SlabCache cache = new SlabCache(name, (int) size, alignment(size, align, flags), constructor);
    byAddress.put(structure, cache);
    registrations.add("kmem_cache " + name, structure, 0, caller, () -> discard(structure, cache));
    return structure;
  }

  /** calculate_alignment of mm/slab_common.c. */
  private int alignment(long size, long align, long flags) {
    long alignment = align;
    if ((flags & hwCacheAlign) != 0) {
      long line = CACHE_LINE;
      while (size <= line / 2) {
        line /= 2;
      }
      alignment = Math.max(alignment, line);
    }
    return (int) Math.max(alignment, 8);
  }

  /** kmem_cache_destroy. */
  void destroy(long structure, long caller) {
    if (structure == 0) {
      return;
    }
    SlabCache cache = at(structure);
    if (cache.live() > 0) {
      complaints.log(
          3,
          "kmem_cache_destroy "
              + cache.name()
              + ": Slab cache still has objects when called from "
              + complaints.name(caller));
    }
    if (!registrations.remove("kmem_cache " + cache.name(), structure)) {
      throw new GuestOops("kernel BUG at mm/slab_common.c: kmem_cache_destroy of " + cache.name());
    }
  }

  /** Objects that are left stay in use; they are reclaimed with their owner. */
  private void discard(long structure, SlabCache cache) {
    byAddress.remove(structure);
    heap.giveBackInternal(structure);
    if (cache.live() == 0) {
      heap.dissolve(cache);
    }
  }

  /**
   * Returns the cache whose structure is at {@code structure}.
   *
   * @throws GuestOops if none is
   */
  SlabCache at(long structure) {
    @Nullable SlabCache cache = byAddress.get(structure);
    if (cache == null) {
      throw new GuestOops(
          String.format("kernel BUG at mm/slub.c: 0x%016x is no kmem_cache", structure));
    }
    return cache;
  }
}
