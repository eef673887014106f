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
  private final long handle;
  private final MemorySegment scratch;

  Engine(UnicornLibrary library) {
    this.library = library;
    scratch = arena.allocate(64, 16);
    check(library.call(library.open, ARCH_X86, MODE_64, scratch.address(), 0, 0), "uc_open");
    handle = scratch.get(JAVA_LONG, 0);
  }

  /** Returns memory that lives as long as the engine. */
  Arena arena() {
    return arena;
  }

  /** Maps {@code host} at {@code address}. */
  void map(long address, MemorySegment host, int permissions) {
    int error =
        library.call(
            library.mapPointer, handle, address, host.byteSize(), permissions, host.address());
    check(error, "uc_mem_map_ptr of " + Long.toHexString(address));
  }

  /** Unmaps what {@link #map} mapped; translations of it are dropped. */
  void unmap(long address, long size) {
    int error = library.call(library.unmap, handle, address, size, 0, 0);
    check(error, "uc_mem_unmap of " + Long.toHexString(address));
  }

  /** Returns the 64 bits of register {@code register}. */
  long read(int register) {
    scratch.set(JAVA_LONG, 0, 0);
    check(
        library.callQuick(library.readRegister, handle, register, scratch.address(), 0),
        "uc_reg_read");
    return scratch.get(JAVA_LONG, 0);
  }

  /** Sets register {@code register}. */
  void write(int register, long value) {
    scratch.set(JAVA_LONG, 0, value);
    write(register, scratch);
  }

  /** Reads register {@code register} into {@code value}, whatever its size. */
  void read(int register, MemorySegment value) {
    check(
        library.callQuick(library.readRegister, handle, register, value.address(), 0),
        "uc_reg_read");
  }

  /** Sets register {@code register} from {@code value}, whatever its size. */
  void write(int register, MemorySegment value) {
    check(
        library.call(library.writeRegister, handle, register, value.address(), 0, 0),
        "uc_reg_write");
  }

  /** Reads the first {@code count} of {@code registers} to where {@code pointers} point. */
  void read(MemorySegment registers, MemorySegment pointers, int count) {
    int error =
        library.callQuick(
            library.readRegisters, handle, registers.address(), pointers.address(), count);
    check(error, "uc_reg_read_batch");
  }

  /** Sets the first {@code count} of {@code registers} from where {@code pointers} point. */
  void write(MemorySegment registers, MemorySegment pointers, int count) {
    int error =
        library.callQuick(
            library.writeRegisters, handle, registers.address(), pointers.address(), count);
    check(error, "uc_reg_write_batch");
  }

  /** Adds a hook on all addresses. */
  void hook(int type, MemorySegment callback) {
    int error =
        library.call(
            library.addHook, handle, scratch.address(), type, callback.address(), 0, 1, 0, 0);
    check(error, "uc_hook_add");
  }

  /** Adds a hook on one instruction. */
  void hookInstruction(int instruction, MemorySegment callback) {
    int error =
        library.call(
            library.addHook,
            handle,
            scratch.address(),
            HOOK_INSTRUCTION,
            callback.address(),
            0,
            1,
            0,
            instruction);
    check(error, "uc_hook_add");
  }

  /** Runs from {@code begin} until something stops it, and returns Unicorn's error code. */
  int start(long begin, long until) {
    return library.call(library.start, handle, begin, until, 0, 0);
  }

  /**
   * Asks the run under way to stop; may be called by any thread and may be missed by a run that is
   * just beginning.
   */
  void stop() {
    int ignored = library.call(library.stop, handle, 0, 0, 0, 0);
  }

  /** Returns a context that {@link #save} can fill; freed with the process. */
  MemorySegment context() {
    check(
        library.call(library.allocateContext, handle, scratch.address(), 0, 0, 0),
        "uc_context_alloc");
    return scratch.get(ADDRESS, 0);
  }

  /** Saves the CPU's state. */
  void save(MemorySegment context) {
    check(library.call(library.saveContext, handle, context.address(), 0, 0, 0), "uc_context_save");
  }

  /** Restores the CPU's state. */
  void restore(MemorySegment context) {
    check(
        library.callQuick(library.restoreContext, handle, context.address(), 0, 0),
        "uc_context_restore");
  }

  /** Frees a context. */
  void free(MemorySegment context) {
    check(library.call(library.freeContext, context.address(), 0, 0, 0, 0), "uc_context_free");
  }

  /** Drops translations of code in {@code [from, to)}, which is mapped and executable. */
  void forget(long from, long to) {
    check(
        library.call(library.control, handle, CONTROL_REMOVE_CACHE, from, to, 0),
        "uc_ctl_remove_cache");
  }

  @Override
  public void close() {
    check(library.call(library.close, handle, 0, 0, 0, 0), "uc_close");
    arena.close();
  }

  private static void check(int error, String what) {
    if (error != OK) {
      throw new IllegalStateException(what + " failed with error " + error);
    }
  }

  /** Sets an int at {@code index} of an array of ints. */
  static void setInt(MemorySegment array, int index, int value) {
    array.setAtIndex(JAVA_INT, index, value);
  }
}
