package io.linkout.kernel.api.heap;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.TrapFrame;

/** kmem_cache_* (mm/slab_common.c, mm/slub.c). */
final class CacheFunctions {
  private static final long INT_MASK = 0xffffffffL;

  private final Heap heap;
  private final CacheTable caches;
  private final Complaints complaints;

  private CacheFunctions(Heap heap, CacheTable caches, Complaints complaints) {
    this.heap = heap;
    this.caches = caches;
    this.complaints = complaints;
  }

  static void declare(FunctionTable table, Heap heap, CacheTable caches, Complaints complaints) {
    CacheFunctions f = new CacheFunctions(heap, caches, complaints);
    table.real("kmem_cache_create", c -> f.create(c, c.argument(4)));
    table.real("kmem_cache_create_usercopy", c -> f.create(c, c.argument(6)));
    table.real("kmem_cache_destroy", f::destroy);
    table.real("kmem_cache_shrink", _ -> 0);
    table.real("kmem_cache_size", c -> caches.at(c.argument(0)).objectSize());
    table.real("kmem_cache_alloc", c -> f.allocate(c, c.argument(1)));
    table.real("kmem_cache_alloc_lru", Licence.ANY, c -> f.allocate(c, c.argument(2)));
    table.real("kmem_cache_alloc_node", c -> f.allocate(c, c.argument(1)));
    table.real("kmem_cache_alloc_bulk", f::allocateBulk);
    table.real("kmem_cache_free", c -> f.free(c, c.argument(1)));
    table.real("kmem_cache_free_bulk", f::freeBulk);
  }

  private long create(TrapFrame c, long constructor) {
    return caches.create(
        c.memory().readString(c.argument(0), 255),
        c.argument(1) & INT_MASK,
        c.argument(2) & INT_MASK,
        c.argument(3),
        constructor,
        c.returnAddress());
  }

  private long destroy(TrapFrame c) {
    caches.destroy(c.argument(0), c.returnAddress());
    return 0;
  }

  private long allocate(TrapFrame c, long flags) {
    SlabCache cache = caches.at(c.argument(0));
    long object = heap.allocate(cache, cache.objectSize(), flags & INT_MASK, c.returnAddress());
    if (object != 0 && cache.constructor() != 0 && !heap.construct(object)) {
      c.callGuest(cache.constructor(), new long[] {object}, _ -> object);
    }
    return object;
  }

  /**
   * kmem_cache_alloc_bulk(cache, flags, count, array): all or nothing; caches have no constructor.
   */
  private long allocateBulk(TrapFrame c) {
    SlabCache cache = caches.at(c.argument(0));
    long count = c.argument(2);
    for (long i = 0; i < count; i++) {
      long object =
          heap.allocate(cache, cache.objectSize(), c.argument(1) & INT_MASK, c.returnAddress());
      if (object == 0) {
        for (long j = 0; j < i; j++) {
          free(c, c.memory().readLong(c.argument(3) + 8 * j));
        }
        return 0;
      }
      c.memory().writeLong(c.argument(3) + 8 * i, object);
    }
    return count;
  }

  private long free(TrapFrame c, long pointer) {
    SlabCache cache = caches.at(c.argument(0));
    SlabCache real = heap.cacheOf(pointer);
    if (real != null && real != cache) {
      complaints.warn(
          c,
          "mm/slab.h cache_from_obj",
          "cache_from_obj: Wrong slab cache. "
              + cache.name()
              + " but object is from "
              + real.name());
    }
    heap.free(pointer, c.returnAddress(), "kmem_cache_free");
    return 0;
  }

  /** kmem_cache_free_bulk(cache or NULL, count, array). */
  private long freeBulk(TrapFrame c) {
    for (long i = 0; i < c.argument(1); i++) {
      heap.free(
          c.memory().readLong(c.argument(2) + 8 * i), c.returnAddress(), "kmem_cache_free_bulk");
    }
    return 0;
  }
}
