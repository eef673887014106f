package io.linkout.kernel.api.heap;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The caches behind kmalloc: kmalloc_info of mm/slab_common.c, by kmalloc_index. Index 0 is none, 1
 * and 2 are the sizes between powers of two.
 */
final class KmallocCaches {
  private static final int[] SIZES = {
    0, 96, 192, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192
  };

  /** Largest size a cache serves (KMALLOC_MAX_CACHE_SIZE). */
  private static final int LARGEST = 8192;

  private final List<SlabCache> normal = caches("kmalloc-");

  /** Returns caches by index; the first is null in the guest's table and has no objects here. */
  static List<SlabCache> caches(String prefix) {
    List<SlabCache> caches = new ArrayList<>();
    for (int size : SIZES) {
      String name = prefix + (size >= 1024 ? size / 1024 + "k" : "" + size);
      caches.add(
          new SlabCache(name, Math.max(size, 8), Integer.lowestOneBit(Math.max(size, 8)), 0));
    }
    return caches;
  }

  /** Returns those of GFP_KERNEL, by index. */
  List<SlabCache> normal() {
    return normal;
  }

  /** Returns the cache that serves {@code size} bytes, or null if pages do. */
  @Nullable SlabCache forSize(long size) {
    if (size < 0 || size > LARGEST) {
      return null;
    }
    return normal.get(index((int) size));
  }

  private static int index(int size) {
    if (size <= 8) {
      return 3;
    }
    if (size > 64 && size <= 96) {
      return 1;
    }
    if (size > 128 && size <= 192) {
      return 2;
    }
    return 32 - Integer.numberOfLeadingZeros(size - 1);
  }
}
