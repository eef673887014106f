package io.linkout.kernel.api.heap;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.Owners;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.GuestOops;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * kmalloc and what is below it (mm/slub.c, mm/slab_common.c of 6.1). Free memory is filled with the
 * kernel's poison 0x6b, as slub_debug=P does, so that use after free and use of what was never
 * written show; a double free and a free of what is no object end the call.
 */
public final class Heap {
  /** What kmalloc(0) returns: not null, and nothing is there. */
  public static final long ZERO_SIZE_PTR = 16;

  /** Kind of the text of a charp parameter, which the kernel frees with its module: no leak. */
  public static final String PARAMETER_TEXT = "parameter text";

  /** Bytes of the largest kmalloc (KMALLOC_MAX_SIZE). */
  private static final long MAX_SIZE = 4L << 20;

  private static final int POISON_FREE = 0x6b;

  private final GuestMemory memory;
  private final HeapPages pages;
  private final ObjectTable objects;
  private final KmallocCaches kmallocCaches = new KmallocCaches();
  private final TreeMap<Long, Slab> slabs = new TreeMap<>();
  private final Owners owners;
  private final Complaints complaints;
  private final Gfp gfp;

  Heap(
      GuestMemory memory,
      HeapPages pages,
      ObjectTable objects,
      Owners owners,
      Complaints complaints,
      Gfp gfp) {
    this.memory = memory;
    this.pages = pages;
    this.objects = objects;
    this.owners = owners;
    this.complaints = complaints;
    this.gfp = gfp;
  }

  /** Returns the caches behind kmalloc. */
  KmallocCaches kmallocCaches() {
    return kmallocCaches;
  }

  /** Returns true for the two pointers that mean no object. */
  static boolean isNothing(long pointer) {
    return Long.compareUnsigned(pointer, ZERO_SIZE_PTR) <= 0;
  }

  /**
   * Allocates {@code size} bytes.
   *
   * @param flags the guest's GFP flags
   * @param caller guest address the object is charged to
   * @return a guest address, {@link #ZERO_SIZE_PTR} for no bytes, 0 if there is no memory
   */
  public long kmalloc(long size, long flags, long caller) {
    if (size == 0) {
      return ZERO_SIZE_PTR;
    }
    SlabCache cache = kmallocCaches.forSize(size);
    return cache == null ? large(size, flags, caller) : allocate(cache, size, flags, caller);
  }

  /** As {@link #kmalloc} of at least a byte, the object called {@code kind}. */
  public long kmallocAs(String kind, long size, long flags, long caller) {
    long address = kmalloc(size, flags, caller);
    HeapObject object = objects.at(address);
    if (object != null) {
      objects.remove(object);
      objects.add(new HeapObject(kind, address, size, object.capacity(), object.owner(), caller));
    }
    return address;
  }

  /** Frees the object at {@code pointer} if there is one and it is called {@code kind}. */
  public void freeIf(String kind, long pointer) {
    HeapObject object = objects.at(pointer);
    if (object != null && object.kind().equals(kind)) {
      release(object, 0);
    }
  }

  /** Allocates whole pages, a power of two of them, as kmalloc does beyond its largest cache. */
  long large(long size, long flags, long caller) {
    if (Long.compareUnsigned(size, MAX_SIZE) > 0) {
      if (gfp.warns(flags)) {
        complaints.log(4, "WARNING: at mm/page_alloc.c __alloc_pages");
        complaints.log(
            4,
            "kmalloc of "
                + Long.toUnsignedString(size)
                + " bytes, more than the largest order, from "
                + complaints.name(caller));
      }
      return 0;
    }
    return pages("kmalloc-large", size, flags, caller);
  }

  /** Allocates 2^order pages. */
  long pages(int order, long flags, long caller) {
    if (order < 0 || order > 10) {
      return 0;
    }
    return pages("pages", (long) GuestLayout.PAGE << order, flags, caller);
  }

  private long pages(String kind, long size, long flags, long caller) {
    long bytes = Math.max(GuestLayout.PAGE, Long.highestOneBit(size * 2 - 1));
    OptionalLong address = pages.take(bytes, bytes);
    if (address.isEmpty()) {
      failed(Long.numberOfTrailingZeros(bytes / GuestLayout.PAGE), flags);
      return 0;
    }
    memory.fill(address.getAsLong(), bytes, gfp.zero(flags) ? 0 : POISON_FREE);
    long owner = owners.ownerOf(caller);
    objects.add(new HeapObject(kind, address.getAsLong(), size, bytes, owner, caller));
    return address.getAsLong();
  }

  /** Allocates an object of {@code cache}; {@code size} is what of it was asked for. */
  long allocate(SlabCache cache, long size, long flags, long caller) {
    if (cache.exhausted() && !grow(cache)) {
      failed(Long.numberOfTrailingZeros(cache.slabBytes() / GuestLayout.PAGE), flags);
      return 0;
    }
    long address = cache.take();
    if (gfp.zero(flags)) {
      memory.fill(address, cache.stride(), 0);
    }
    long owner = owners.ownerOf(caller);
    objects.add(new HeapObject(cache.name(), address, size, cache.stride(), owner, caller));
    return address;
  }

  private boolean grow(SlabCache cache) {
    OptionalLong address = pages.take(cache.slabBytes(), cache.slabAlignment());
    if (address.isEmpty()) {
      return false;
    }
    memory.fill(address.getAsLong(), cache.slabBytes(), POISON_FREE);
    Slab slab = new Slab(cache, address.getAsLong(), cache.objectsInSlab(), cache.stride());
    cache.add(slab);
    slabs.put(slab.address, slab);
    return true;
  }

  /**
   * Takes an object of {@code cache} for the kernel itself: it is not counted and never a leak.
   *
   * @return a guest address, or 0 if there is no memory
   */
  long takeInternal(SlabCache cache) {
    return cache.exhausted() && !grow(cache) ? 0 : cache.take();
  }

  /** Gives back what {@link #takeInternal} gave. */
  void giveBackInternal(long address) {
    Slab slab = slabOf(address);
    if (slab != null && slab.cache.giveBack(slab, address, 0)) {
      dissolve(slab);
    }
  }

  /** Returns whether {@code object} of {@code cache} was constructed before, noting that it is. */
  boolean construct(long object) {
    Slab slab = slabOf(object);
    return slab != null && slab.construct(object);
  }

  private void failed(int order, long flags) {
    if (gfp.warns(flags)) {
      complaints.log(
          4,
          "page allocation failure: order:"
              + order
              + ", mode:0x"
              + Long.toHexString(flags & 0xffffffffL));
    }
  }

  /**
   * Frees what kmalloc or a cache gave.
   *
   * @param function that was called, for the report
   * @throws GuestOops if it is not an object, or no longer one
   */
  public void free(long pointer, long caller, String function) {
    if (!isNothing(pointer)) {
      release(object(pointer, caller, function), caller);
    }
  }

  /** Frees {@code object}, which is live. */
  void release(HeapObject object, long caller) {
    objects.remove(object);
    Slab slab = slabOf(object.address());
    if (slab == null) {
      pages.giveBack(object.address(), object.capacity());
      return;
    }
    if (slab.cache.constructor() == 0) {
      memory.fill(object.address(), object.capacity(), POISON_FREE);
    }
    if (slab.cache.giveBack(slab, object.address(), caller)) {
      dissolve(slab);
    }
  }

  /**
   * Returns the live object at {@code pointer}.
   *
   * @throws GuestOops if there is none
   */
  HeapObject object(long pointer, long caller, String function) {
    HeapObject object = objects.at(pointer);
    if (object == null
        || GuestLayout.within(pointer, GuestLayout.VMALLOC, GuestLayout.VMALLOC_END)) {
      throw badPointer(pointer, caller, function);
    }
    return object;
  }

  private GuestOops badPointer(long pointer, long caller, String function) {
    String hex = String.format("0x%016x", pointer);
    Slab slab = slabOf(pointer);
    if (slab == null) {
      return new GuestOops(
          "kernel BUG at mm/slub.c: " + function + " of " + hex + ", which is no heap object");
    }
    if (!slab.startsAt(pointer)) {
      return new GuestOops(
          "BUG "
              + slab.cache.name()
              + " ("
              + complaints.tainted()
              + "): Invalid object pointer "
              + hex);
    }
    long before = slab.freedBy(pointer);
    if (before != 0) {
      complaints.log(3, "INFO: Freed in " + complaints.name(before));
    }
    complaints.log(3, "INFO: Freed again in " + complaints.name(caller));
    return new GuestOops(
        "BUG " + slab.cache.name() + " (" + complaints.tainted() + "): Object already free " + hex);
  }

  private @Nullable Slab slabOf(long pointer) {
    Map.Entry<Long, Slab> entry = slabs.floorEntry(pointer);
    return entry != null && pointer - entry.getKey() < entry.getValue().cache.slabBytes()
        ? entry.getValue()
        : null;
  }

  private void dissolve(Slab slab) {
    slabs.remove(slab.address);
    pages.giveBack(slab.address, slab.cache.slabBytes());
  }

  /** Frees the slabs of a cache without live objects. */
  void dissolve(SlabCache cache) {
    cache.dissolve().forEach(this::dissolve);
  }

  /** Returns the cache the object at {@code pointer} belongs to, or null. */
  @Nullable SlabCache cacheOf(long pointer) {
    Slab slab = slabOf(pointer);
    return slab == null ? null : slab.cache;
  }

  /** krealloc: grows in place as far as the object really goes. */
  long reallocate(long pointer, long size, long flags, long caller) {
    if (isNothing(pointer)) {
      return kmalloc(size, flags, caller);
    }
    HeapObject old = object(pointer, caller, "krealloc");
    if (size == 0) {
      release(old, caller);
      return ZERO_SIZE_PTR;
    }
    if (size > 0 && size <= old.capacity()) {
      objects.resize(old, size);
      return pointer;
    }
    long address = kmalloc(size, flags, caller);
    if (address != 0) {
      memory.write(address, memory.read(pointer, (int) old.capacity()));
      release(old, caller);
    }
    return address;
  }

  /** Returns whether {@code flags} ask for zeroed memory. */
  boolean zeroes(long flags) {
    return gfp.zero(flags);
  }

  /** Returns {@code flags} with a wish for zeroed memory. */
  long zeroing(long flags) {
    return flags | gfp.zero();
  }

  /**
   * Checks that {@code size} bytes at {@code pointer} do not leave the heap object they begin in
   * (mm/usercopy.c).
   *
   * @throws GuestOops if they do
   */
  void checkSpan(long pointer, long size, boolean toUser) {
    Slab slab = slabOf(pointer);
    if (slab == null || size == 0) {
      return;
    }
    long offset = (pointer - slab.address) % slab.cache.stride();
    if (size < 0 || offset + size > slab.cache.objectSize()) {
      String direction = toUser ? "exposure" : "overwrite";
      String side = toUser ? "from" : "to";
      complaints.log(
          0,
          String.format(
              "usercopy: Kernel memory %s attempt detected %s SLUB object '%s' (offset %d, size"
                  + " %d)!",
              direction, side, slab.cache.name(), offset, size));
      throw new GuestOops("kernel BUG at mm/usercopy.c!");
    }
  }

  /** Frees all that is charged to {@code owner}, and returns what it was. */
  List<HeapObject> reclaim(long owner) {
    List<HeapObject> reclaimed = new ArrayList<>();
    for (HeapObject object : objects.of(owner)) {
      if (GuestLayout.within(object.address(), GuestLayout.DIRECT_MAP, GuestLayout.VMALLOC)) {
        release(object, 0);
        reclaimed.add(object);
      }
    }
    return reclaimed;
  }
}
