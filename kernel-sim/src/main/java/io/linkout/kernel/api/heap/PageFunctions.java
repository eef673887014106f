package io.linkout.kernel.api.heap;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.List;

/**
 * Whole pages by address (mm/page_alloc.c), vmalloc (mm/vmalloc.c) and per-CPU memory
 * (mm/percpu.c).
 */
final class PageFunctions {
  private static final long INT_MASK = 0xffffffffL;

  private final Heap heap;
  private final VmallocSpace vmalloc;
  private final DynamicPercpu percpu;
  private final Complaints complaints;

  private PageFunctions(
      Heap heap, VmallocSpace vmalloc, DynamicPercpu percpu, Complaints complaints) {
    this.heap = heap;
    this.vmalloc = vmalloc;
    this.percpu = percpu;
    this.complaints = complaints;
  }

  static void declare(
      FunctionTable table,
      Heap heap,
      VmallocSpace vmalloc,
      DynamicPercpu percpu,
      Complaints complaints) {
    PageFunctions f = new PageFunctions(heap, vmalloc, percpu, complaints);
    table.real("__get_free_pages", f::getFreePages);
    table.real("get_zeroed_page", f::getZeroedPage);
    table.real("free_pages", f::freePages);
    table.real("alloc_pages_exact", f::allocateExact);
    table.real("free_pages_exact", f::freePages);
    for (String name : List.of("vmalloc", "vmalloc_node", "vmalloc_32", "vmalloc_huge")) {
      Licence licence = name.equals("vmalloc_huge") ? Licence.GPL : Licence.ANY;
      table.real(name, licence, c -> f.vmalloc(c, false));
    }
    for (String name : List.of("vzalloc", "vzalloc_node", "vmalloc_user", "vmalloc_32_user")) {
      table.real(name, c -> f.vmalloc(c, true));
    }
    table.real("__vmalloc", c -> f.vmalloc(c, heap.zeroes(c.argument(1) & INT_MASK)));
    table.real("vfree", f::vfree);
    table.real(
        "__alloc_percpu",
        Licence.GPL,
        c -> percpu.allocate(c.argument(0), c.argument(1), c.returnAddress()));
    table.real(
        "__alloc_percpu_gfp",
        Licence.GPL,
        c -> percpu.allocate(c.argument(0), c.argument(1), c.returnAddress()));
    table.real("free_percpu", Licence.GPL, f::freePercpu);
  }

  /** __get_free_pages(flags, order). */
  private long getFreePages(TrapFrame c) {
    return heap.pages((int) c.argument(1), c.argument(0) & INT_MASK, c.returnAddress());
  }

  private long getZeroedPage(TrapFrame c) {
    return heap.pages(0, heap.zeroing(c.argument(0) & INT_MASK), c.returnAddress());
  }

  private long freePages(TrapFrame c) {
    heap.free(c.argument(0), c.returnAddress(), "free_pages");
    return 0;
  }

  /** alloc_pages_exact(size, flags): the rest of the last order is not given back here. */
  private long allocateExact(TrapFrame c) {
    long size = c.argument(0);
    if (size <= 0) {
      return 0;
    }
    long pages = GuestLayout.pageUp(size) / GuestLayout.PAGE;
    int order = 64 - Long.numberOfLeadingZeros(pages - 1);
    return heap.pages(pages == 1 ? 0 : order, c.argument(1) & INT_MASK, c.returnAddress());
  }

  private long vmalloc(TrapFrame c, boolean zero) {
    return vmalloc.allocate(c.argument(0), zero, c.returnAddress());
  }

  private long vfree(TrapFrame c) {
    long address = c.argument(0);
    if (address != 0 && !vmalloc.free(address)) {
      boolean bad = address % GuestLayout.PAGE != 0;
      complaints.warn(
          c,
          "mm/vmalloc.c __vunmap",
          String.format(
              bad
                  ? "Trying to vfree() bad address (%016x)"
                  : "Trying to vfree() nonexistent vm area (%016x)",
              address));
    }
    return 0;
  }

  private long freePercpu(TrapFrame c) {
    long offset = c.argument(0);
    if (offset != 0 && !percpu.free(offset)) {
      throw new GuestOops(
          String.format("kernel BUG at mm/percpu.c: free_percpu of 0x%x, which is none", offset));
    }
    return 0;
  }
}
