package io.linkout.kernel.cpu;

/**
 * Where things lie in the guest's address space, as in x86-64 Linux with four-level page tables and
 * without KASLR (Documentation/arch/x86/x86_64/mm.rst). All bounds are guest addresses; ends are
 * exclusive.
 */
public final class GuestLayout {
  /** Bytes of a page. */
  public static final int PAGE = 4096;

  /** Kernel text: trap slots and the functions that are machine code. */
  public static final long KERNEL_TEXT = 0xffffffff81000000L;

  /** Kernel data that modules import: jiffies, param_ops_int and so on. */
  public static final long KERNEL_DATA = 0xffffffff82000000L;

  /** Distinct addresses of absent exports; never mapped, so that touching one is an oops. */
  public static final long ABSENT = 0xffffffff90000000L;

  /** End of {@link #ABSENT}. */
  public static final long ABSENT_END = 0xffffffffa0000000L;

  /** Modules. */
  public static final long MODULES = 0xffffffffa0000000L;

  /** End of the module area. */
  public static final long MODULES_END = 0xffffffffff000000L;

  /** Direct map: the heap. */
  public static final long DIRECT_MAP = 0xffff888000000000L;

  /** The per-CPU area lies here in the direct map; gs base. */
  public static final long PERCPU = 0xffff8880fff00000L;

  /** Bytes of the per-CPU area. */
  public static final long PERCPU_SIZE = 0x100000;

  /** First per-CPU offset of modules' variables; the kernel's own lie below. */
  public static final long PERCPU_MODULES = 0x20000;

  /** End of the modules' per-CPU offsets; above are those of {@code alloc_percpu}. */
  public static final long PERCPU_MODULES_END = 0x80000;

  /** vmalloc space and stacks. */
  public static final long VMALLOC = 0xffffc90000000000L;

  /** End of vmalloc space. */
  public static final long VMALLOC_END = 0xffffe90000000000L;

  /** The CPU's own page of code, where the fixmap is in Linux. */
  public static final long CPU_PAGE = 0xffffffffff57a000L;

  /** What a call from outside returns to: the end of every call trace. */
  public static final long RETURN_SLOT = CPU_PAGE;

  /**
   * What guest code returns to that a kernel function called. Above it on the stack lie one word of
   * padding and then the address that function itself returns to.
   */
  public static final long CALLBACK_SLOT = CPU_PAGE + 16;

  private GuestLayout() {}

  /** Returns {@code size} in bytes rounded up to whole pages. */
  public static long pageUp(long size) {
    return (size + PAGE - 1) & -(long) PAGE;
  }

  /** Returns true if {@code address} lies in {@code [start, end)}, all unsigned. */
  public static boolean within(long address, long start, long end) {
    return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
  }
}
