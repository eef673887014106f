package io.linkout.kernel.cpu.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One {@code uc_engine} for x86-64. Confined to the CPU thread, but for {@link #stop}. An error
 * code that only a mistake of ours can cause is an {@link IllegalStateException}.
 */
final class Engine implements AutoCloseable {
  // unicorn.h, x86.h of 2.0.1
  static final int OK = 0;
  static final int READ_UNMAPPED = 6;
  static final int WRITE_UNMAPPED = 7;
  static final int FETCH_UNMAPPED = 8;
  static final int INVALID_INSTRUCTION = 10;
  static final int WRITE_PROTECTED = 12;
  static final int READ_PROTECTED = 13;
  static final int FETCH_PROTECTED = 14;

  static final int PERMIT_READ_WRITE = 3;
  static final int PERMIT_ALL = 7;

  static final int HOOK_INTERRUPT = 1;
  static final int HOOK_INSTRUCTION = 2;
  static final int HOOK_MEMORY_INVALID = 1008;

  static final int INSTRUCTION_CPUID = 113;

  private static final int ARCH_X86 = 4;
  private static final int MODE_64 = 8;
  private static final int CONTROL_REMOVE_CACHE = 1207959561;

  private final UnicornLibrary library;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment handle;
  private final MemorySegment scratch;

  Engine(UnicornLibrary library) {
    this.library = library;
    scratch = arena.allocate(64, 16);
    try {
      check((int) library.open.invokeExact(ARCH_X86, MODE_64, scratch), "uc_open");
    } catch (Throwable t) {
      throw failure(t);
    }
    handle = scratch.get(ADDRESS, 0);
  }

  /** Returns memory that lives as long as the engine. */
  Arena arena() {
    return arena;
  }

  /** Maps {@code host} at {@code address}. */
  void map(long address, MemorySegment host, int permissions) {
    try {
      int error =
          (int) library.mapPointer.invokeExact(handle, address, host.byteSize(), permissions, host);
      check(error, "uc_mem_map_ptr of " + Long.toHexString(address));
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Unmaps what {@link #map} mapped; translations of it are dropped. */
  void unmap(long address, long size) {
    try {
      int error = (int) library.unmap.invokeExact(handle, address, size);
      check(error, "uc_mem_unmap of " + Long.toHexString(address));
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Returns the 64 bits of register {@code register}. */
  long read(int register) {
    try {
      scratch.set(JAVA_LONG, 0, 0);
      check((int) library.readRegister.invokeExact(handle, register, scratch), "uc_reg_read");
      return scratch.get(JAVA_LONG, 0);
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Sets register {@code register}. */
  void write(int register, long value) {
    scratch.set(JAVA_LONG, 0, value);
    write(register, scratch);
  }

  /** Reads register {@code register} into {@code value}, whatever its size. */
  void read(int register, MemorySegment value) {
    try {
      check((int) library.readRegister.invokeExact(handle, register, value), "uc_reg_read");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Sets register {@code register} from {@code value}, whatever its size. */
  void write(int register, MemorySegment value) {
    try {
      check((int) library.writeRegister.invokeExact(handle, register, value), "uc_reg_write");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Reads the first {@code count} of {@code registers} to where {@code pointers} point. */
  void read(MemorySegment registers, MemorySegment pointers, int count) {
    try {
      int error = (int) library.readRegisters.invokeExact(handle, registers, pointers, count);
      check(error, "uc_reg_read_batch");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Sets the first {@code count} of {@code registers} from where {@code pointers} point. */
  void write(MemorySegment registers, MemorySegment pointers, int count) {
    try {
      int error = (int) library.writeRegisters.invokeExact(handle, registers, pointers, count);
      check(error, "uc_reg_write_batch");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Adds a hook on all addresses. */
  void hook(int type, MemorySegment callback) {
    try {
      int error =
          (int)
              library.addHook.invokeExact(
                  handle, scratch, type, callback, MemorySegment.NULL, 1L, 0L);
      check(error, "uc_hook_add");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Adds a hook on one instruction. */
  void hookInstruction(int instruction, MemorySegment callback) {
    try {
      int error =
          (int)
              library.addInstructionHook.invokeExact(
                  handle,
                  scratch,
                  HOOK_INSTRUCTION,
                  callback,
                  MemorySegment.NULL,
                  1L,
                  0L,
                  instruction);
      check(error, "uc_hook_add");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Runs from {@code begin} until something stops it, and returns Unicorn's error code. */
  int start(long begin, long until) {
    try {
      return (int) library.start.invokeExact(handle, begin, until, 0L, 0L);
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /**
   * Asks the run under way to stop; may be called by any thread and may be missed by a run that is
   * just beginning.
   */
  void stop() {
    try {
      int ignored = (int) library.stop.invokeExact(handle);
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Returns a context that {@link #save} can fill; freed with the process. */
  MemorySegment context() {
    try {
      check((int) library.allocateContext.invokeExact(handle, scratch), "uc_context_alloc");
      return scratch.get(ADDRESS, 0);
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Saves the CPU's state. */
  void save(MemorySegment context) {
    try {
      check((int) library.saveContext.invokeExact(handle, context), "uc_context_save");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Restores the CPU's state. */
  void restore(MemorySegment context) {
    try {
      check((int) library.restoreContext.invokeExact(handle, context), "uc_context_restore");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Frees a context. */
  void free(MemorySegment context) {
    try {
      check((int) library.freeContext.invokeExact(context), "uc_context_free");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Drops translations of code in {@code [from, to)}, which is mapped and executable. */
  void forget(long from, long to) {
    try {
      check(
          (int) library.control.invokeExact(handle, CONTROL_REMOVE_CACHE, from, to),
          "uc_ctl_remove_cache");
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  @Override
  public void close() {
    try {
      check((int) library.close.invokeExact(handle), "uc_close");
    } catch (Throwable t) {
      throw failure(t);
    }
    arena.close();
  }

  private static void check(int error, String what) {
    if (error != OK) {
      throw new IllegalStateException(what + " failed with error " + error);
    }
  }

  private static RuntimeException failure(Throwable t) {
    if (t instanceof RuntimeException e) {
      return e;
    }
    if (t instanceof Error e) {
      throw e;
    }
    return new IllegalStateException(t);
  }

  /** Sets an int at {@code index} of an array of ints. */
  static void setInt(MemorySegment array, int index, int value) {
    array.setAtIndex(JAVA_INT, index, value);
  }
}
