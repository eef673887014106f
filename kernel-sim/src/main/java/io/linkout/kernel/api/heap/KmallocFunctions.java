package io.linkout.kernel.api.heap;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;

/** kmalloc and kfree with their kin, and copies into new objects (mm/slab_common.c, mm/util.c). */
final class KmallocFunctions {
  private static final long INT_MASK = 0xffffffffL;

  private final Heap heap;
  private final VmallocSpace vmalloc;
  private final CacheTable caches;

  private KmallocFunctions(Heap heap, VmallocSpace vmalloc, CacheTable caches) {
    this.heap = heap;
    this.vmalloc = vmalloc;
    this.caches = caches;
  }

  static void declare(FunctionTable table, Heap heap, VmallocSpace vmalloc, CacheTable caches) {
    KmallocFunctions f = new KmallocFunctions(heap, vmalloc, caches);
    table.real("__kmalloc", f::kmalloc);
    table.real("__kmalloc_node", f::kmalloc);
    table.real(
        "__kmalloc_node_track_caller",
        c -> heap.kmalloc(c.argument(0), flags(c, 1), c.argument(3)));
    table.real("kmalloc_large", f::large);
    table.real("kmalloc_large_node", f::large);
    table.real("kmalloc_trace", c -> f.trace(c, 2));
    table.real("kmalloc_node_trace", c -> f.trace(c, 3));
    table.real("krealloc", f::krealloc);
    table.real("kfree", c -> f.free(c, "kfree"));
    table.real("kfree_const", c -> f.free(c, "kfree_const"));
    table.real("kfree_sensitive", f::freeSensitive);
    table.real("ksize", f::ksize);
    table.real("kmalloc_size_roundup", c -> f.roundup(c.argument(0)));
    table.real("kvmalloc_node", f::kvmalloc);
    table.real("kvrealloc", f::kvrealloc);
    table.real("kvfree", c -> f.kvfree(c.argument(0), c, "kvfree"));
    table.real("kvfree_sensitive", f::kvfreeSensitive);
    table.real("kmemdup", f::kmemdup);
    table.real("kmemdup_nul", f::kmemdupNul);
    table.real("kstrdup", f::kstrdup);
    table.real("kstrdup_const", f::kstrdup);
    table.real("kstrndup", f::kstrndup);
    table.real("is_vmalloc_addr", c -> VmallocSpace.contains(c.argument(0)) ? 1 : 0);
    table.real("__check_object_size", Licence.ANY, f::checkObjectSize);
  }

  private static long flags(TrapFrame c, int index) {
    return c.argument(index) & INT_MASK;
  }

  private long kmalloc(TrapFrame c) {
    return heap.kmalloc(c.argument(0), flags(c, 1), c.returnAddress());
  }

  private long large(TrapFrame c) {
    return heap.large(c.argument(0), flags(c, 1), c.returnAddress());
  }

  private long trace(TrapFrame c, int size) {
    return heap.allocate(
        caches.at(c.argument(0)), c.argument(size), flags(c, 1), c.returnAddress());
  }

  private long krealloc(TrapFrame c) {
    return heap.reallocate(c.argument(0), c.argument(1), flags(c, 2), c.returnAddress());
  }

  private long free(TrapFrame c, String function) {
    heap.free(c.argument(0), c.returnAddress(), function);
    return 0;
  }

  private long freeSensitive(TrapFrame c) {
    long pointer = c.argument(0);
    if (!Heap.isNothing(pointer)) {
      HeapObject object = heap.object(pointer, c.returnAddress(), "kfree_sensitive");
      c.memory().fill(pointer, object.capacity(), 0);
      heap.release(object, c.returnAddress());
    }
    return 0;
  }

  private long ksize(TrapFrame c) {
    long pointer = c.argument(0);
    return Heap.isNothing(pointer)
        ? 0
        : heap.object(pointer, c.returnAddress(), "ksize").capacity();
  }

  private long roundup(long size) {
    if (size == 0) {
      return 0;
    }
    SlabCache cache = heap.kmallocCaches().forSize(size);
    return cache != null ? cache.objectSize() : Long.highestOneBit(2 * size - 1);
  }

  /**
   * kvmalloc_node(size, flags, node): kmalloc up to a page, vmalloc where that fails or is large.
   */
  private long kvmalloc(TrapFrame c) {
    return kvmalloc(c.argument(0), flags(c, 1), c.returnAddress());
  }

  private long kvmalloc(long size, long flags, long caller) {
    if (Long.compareUnsigned(size, 4096) <= 0) {
      return heap.kmalloc(size, flags, caller);
    }
    if (size < 0 || size > Integer.MAX_VALUE) {
      return 0;
    }
    return vmalloc.allocate(size, heap.zeroes(flags), caller);
  }

  private long kvrealloc(TrapFrame c) {
    long pointer = c.argument(0);
    long oldSize = c.argument(1);
    long newSize = c.argument(2);
    if (oldSize >= newSize) {
      return pointer;
    }
    long address = kvmalloc(newSize, c.argument(3) & INT_MASK, c.returnAddress());
    if (address != 0) {
      c.memory().write(address, c.memory().read(pointer, (int) oldSize));
      kvfree(pointer, c, "kvrealloc");
    }
    return address;
  }

  private long kvfree(long pointer, TrapFrame c, String function) {
    if (VmallocSpace.contains(pointer)) {
      vmalloc.free(pointer);
    } else {
      heap.free(pointer, c.returnAddress(), function);
    }
    return 0;
  }

  private long kvfreeSensitive(TrapFrame c) {
    if (!Heap.isNothing(c.argument(0))) {
      c.memory().fill(c.argument(0), c.argument(1), 0);
    }
    return kvfree(c.argument(0), c, "kvfree_sensitive");
  }

  private long kmemdup(TrapFrame c) {
    return copy(c.memory(), c.argument(0), c.argument(1), 0, flags(c, 2), c.returnAddress());
  }

  private long kmemdupNul(TrapFrame c) {
    return c.argument(0) == 0
        ? 0
        : copy(c.memory(), c.argument(0), c.argument(1), 1, flags(c, 2), c.returnAddress());
  }

  private long kstrdup(TrapFrame c) {
    return duplicate(c, Integer.MAX_VALUE, flags(c, 1));
  }

  private long kstrndup(TrapFrame c) {
    long most = c.argument(1);
    return duplicate(
        c, most < 0 || most > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) most, flags(c, 2));
  }

  private long duplicate(TrapFrame c, int most, long flags) {
    long text = c.argument(0);
    if (text == 0) {
      return 0;
    }
    int length = c.memory().readString(text, most).length();
    return copy(c.memory(), text, length, 1, flags, c.returnAddress());
  }

  /** Copies {@code size} bytes into a new object with {@code zeros} zero bytes behind them. */
  private long copy(
      GuestMemory memory, long source, long size, int zeros, long flags, long caller) {
    long address = heap.kmalloc(size + zeros, flags, caller);
    if (!Heap.isNothing(address)) {
      memory.write(address, memory.read(source, Math.toIntExact(size)));
      memory.fill(address + size, zeros, 0);
    }
    return address;
  }

  /**
   * __check_object_size(ptr, n, to_user): hardened usercopy. What spans the end of a heap object is
   * refused as Linux refuses it.
   */
  private long checkObjectSize(TrapFrame c) {
    heap.checkSpan(c.argument(0), c.argument(1), c.argument(2) != 0);
    return 0;
  }
}
