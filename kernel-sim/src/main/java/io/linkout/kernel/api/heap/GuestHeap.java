package io.linkout.kernel.api.heap;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.Owners;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.personality.StructLayout;
import java.util.ArrayList;
import java.util.List;

/** All memory that guest code can ask for, put together. */
public final class GuestHeap implements AutoCloseable {
  private final ObjectTable objects = new ObjectTable();
  private final HeapPages pages;
  private final VmallocSpace vmalloc;
  private final DynamicPercpu percpu;
  private final Heap heap;

  /**
   * An empty heap, its functions and {@code kmalloc_caches} declared in {@code image}.
   *
   * @param limit bytes guest code may have in all
   */
  public GuestHeap(
      KernelImage image,
      GuestMemory memory,
      StructLayout layout,
      Owners owners,
      Registrations registrations,
      Complaints complaints,
      long limit) {
    HeapBudget budget = new HeapBudget(limit, complaints);
    pages = new HeapPages(memory, budget);
    vmalloc = new VmallocSpace(memory, budget, objects, owners);
    percpu = new DynamicPercpu(image.percpu(), objects, owners);
    heap = new Heap(memory, pages, objects, owners, complaints, Gfp.of(layout));
    CacheTable caches = new CacheTable(heap, registrations, complaints, image.data(), layout);
    caches.provideKmallocCaches(memory, layout);
    FunctionTable table = image.text();
    KmallocFunctions.declare(table, heap, vmalloc, caches);
    CacheFunctions.declare(table, heap, caches, complaints);
    PageFunctions.declare(table, heap, vmalloc, percpu, complaints);
  }

  /** Returns the slab heap, for kernel functions that allocate for the guest. */
  public Heap slab() {
    return heap;
  }

  /**
   * Frees an object of kmalloc, of a cache or of vmalloc.
   *
   * @param function that was called, for the report
   * @throws io.linkout.kernel.cpu.GuestOops if it is none
   */
  public void freeAny(long pointer, long caller, String function) {
    if (!VmallocSpace.contains(pointer) || !vmalloc.free(pointer)) {
      heap.free(pointer, caller, function);
    }
  }

  /** Returns all live objects. */
  public ObjectTable objects() {
    return objects;
  }

  /** Frees all that is charged to {@code owner}, and returns what it was, by kind and address. */
  public List<HeapObject> reclaim(long owner) {
    List<HeapObject> reclaimed = new ArrayList<>(heap.reclaim(owner));
    reclaimed.addAll(vmalloc.reclaim(owner));
    reclaimed.addAll(percpu.reclaim(owner));
    return reclaimed;
  }

  /** Frees the host memory; the address space must not be used any more. */
  @Override
  public void close() {
    vmalloc.close();
    pages.close();
  }
}
