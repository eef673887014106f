package io.linkout.kernel.api.image;

import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.KernelExport.Behaviour;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The one CPU's per-CPU area, at gs base: the kernel's variables, then modules', then those of
 * alloc_percpu. A per-CPU variable's symbol value is its offset here, as in zero-based 6.1 kernels.
 */
public final class PercpuArea {
  /** Where gcc's stack protector reads the canary: {@code gs:0x28} (fixed_percpu_data). */
  public static final int CANARY = 0x28;

  /**
   * The first offset a variable can have: fixed_percpu_data and the stack it overlays are below.
   */
  private static final long FIRST = 0x1000;

  private final SymbolBook book;
  private final GuestMemory memory;
  private final MemorySegment host;
  private long next = FIRST;

  /** Maps the area, zeroed. */
  PercpuArea(SymbolBook book, GuestMemory memory, Arena arena) {
    this.book = book;
    this.memory = memory;
    this.host = arena.allocate(GuestLayout.PERCPU_SIZE, GuestLayout.PAGE);
    memory.map(GuestLayout.PERCPU, host, Protection.READ_WRITE, "per-cpu", "");
  }

  /** Provides the per-CPU variable {@code name}; returns its guest address on the one CPU. */
  public long variable(String name, Licence licence, long size) {
    long alignment = size >= 64 ? 64 : Long.highestOneBit(Math.max(size, 1));
    long offset = (next + alignment - 1) & -alignment;
    next = offset + size;
    if (next > GuestLayout.PERCPU_MODULES) {
      throw new IllegalStateException("per-CPU area too small for " + name);
    }
    book.add(new ProvidedSymbol(name, offset, size, licence, Behaviour.DATA, true));
    return address(offset);
  }

  /** Returns the guest address of per-CPU offset {@code offset}. */
  public static long address(long offset) {
    return GuestLayout.PERCPU + offset;
  }

  /** Copies a module's template to where its variables are; the caller checked the bounds. */
  public void copyTemplate(long offset, MemorySegment template) {
    MemorySegment.copy(template, 0, host, offset, template.byteSize());
  }

  /** Zeroes {@code size} bytes at {@code offset}. */
  public void clear(long offset, long size) {
    host.asSlice(offset, size).fill((byte) 0);
  }

  /** Sets the stack canary. */
  public void canary(long value) {
    memory.writeLong(address(CANARY), value);
  }
}
