package io.linkout.kernel.api.image;

import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.KernelExport.Behaviour;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Kernel variables that modules import: constants in one mapping, the rest in another, each given
 * out from its start. Written through {@link GuestMemory#patch}, whatever the protection.
 */
public final class KernelData {
  private static final long RODATA_SIZE = 0x40000;
  private static final long DATA_SIZE = 0x100000;
  private static final int WORD = 8;

  private final SymbolBook book;
  private final GuestMemory memory;
  private final Poison poison;
  private final Bump rodata;
  private final Bump data;

  /** Maps the two areas. */
  KernelData(SymbolBook book, GuestMemory memory, Poison poison, Arena arena) {
    this.book = book;
    this.memory = memory;
    this.poison = poison;
    rodata = new Bump(GuestLayout.KERNEL_DATA, RODATA_SIZE, arena);
    data = new Bump(GuestLayout.KERNEL_DATA + RODATA_SIZE, DATA_SIZE, arena);
    memory.map(rodata.start, rodata.host, Protection.READ, "kernel rodata", "");
    memory.map(data.start, data.host, Protection.READ_WRITE, "kernel data", "");
  }

  /** Provides the constant {@code name} of these {@code bytes}; returns its guest address. */
  public long constant(String name, Licence licence, byte[] bytes) {
    long address = rodata.take(bytes.length, 64, name);
    memory.patch(address, bytes);
    provide(name, address, bytes.length, licence);
    return address;
  }

  /** Provides the variable {@code name} of {@code size} zeroed bytes; returns its guest address. */
  public long variable(String name, Licence licence, long size) {
    long address = data.take(size, size >= GuestLayout.PAGE ? GuestLayout.PAGE : 64, name);
    provide(name, address, size, licence);
    return address;
  }

  /** Provides {@code name} as another name of what is at {@code address}. */
  public void alias(String name, Licence licence, long address, long size) {
    provide(name, address, size, licence);
  }

  /**
   * Provides the structure {@code name} of {@code size} bytes, poisoned: following a pointer in it
   * that was not set is an oops that names it.
   */
  public long poisoned(String name, Licence licence, long size) {
    long address = variable(name, licence, size);
    fillPoison(address, size, name);
    return address;
  }

  /** Returns the address of {@code size} zeroed bytes that no module can name. */
  public long hidden(long size, String what) {
    return data.take(size, 64, what);
  }

  /** Poisons {@code size} bytes at {@code address}, to be reported as {@code name}. */
  public void fillPoison(long address, long size, String name) {
    long value = poison.valueFor(name);
    byte[] bytes = new byte[(int) size];
    for (int i = 0; i + WORD <= bytes.length; i += WORD) {
      for (int b = 0; b < WORD; b++) {
        bytes[i + b] = (byte) (value >>> (8 * b));
      }
    }
    memory.patch(address, bytes);
  }

  /** Returns the host memory of the {@code size} bytes at {@code address}, for the clock's tick. */
  public MemorySegment host(long address, long size) {
    Bump bump = GuestLayout.within(address, data.start, data.start + DATA_SIZE) ? data : rodata;
    return bump.host.asSlice(address - bump.start, size);
  }

  private void provide(String name, long address, long size, Licence licence) {
    book.add(new ProvidedSymbol(name, address, size, licence, Behaviour.DATA, false));
  }

  /** An area given out from its start and never taken back. */
  private static final class Bump {
    private final long start;
    private final MemorySegment host;
    private long used;

    Bump(long start, long size, Arena arena) {
      this.start = start;
      this.host = arena.allocate(size, GuestLayout.PAGE);
    }

    long take(long size, int alignment, String what) {
      long offset = (used + alignment - 1) & -(long) alignment;
      if (offset + size > host.byteSize()) {
        throw new IllegalStateException("kernel data area too small for " + what);
      }
      used = offset + size;
      return start + offset;
    }
  }
}
