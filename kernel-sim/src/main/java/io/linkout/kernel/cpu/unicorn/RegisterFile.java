package io.linkout.kernel.cpu.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.linkout.kernel.cpu.Registers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The CPU's registers as Java last read them, and the way to set them: one call for many. */
final class RegisterFile {
  static final int RIP = 0;
  static final int RSP = 1;
  static final int RAX = 2;
  static final int RDI = 3;
  static final int RSI = 4;
  static final int RDX = 5;
  static final int RCX = 6;
  static final int R8 = 7;
  static final int R9 = 8;
  static final int RFLAGS = 9;

  /** Registers up to the last argument: what a call of a kernel function needs. */
  static final int CALL = 9;

  private static final int[] UNICORN = {
    41, 44, 35, 39, 43, 40, 38, 106, 107, 25, 37, 36, 108, 109, 110, 111, 112, 113
  };
  private static final int RBX = 10;
  private static final int RBP = 11;
  private static final int R10 = 12;

  /** Where the general register of each x86 encoding 0–15 is in this file. */
  private static final int[] ENCODING = {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, 13, 14, 15, 16, 17
  };

  // x87 and SSE: control, status and tag words, ST0–7, XMM0–15, MXCSR
  private static final int[] VECTOR = {
    246, 31, 247, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129,
    130, 131, 132, 133, 134, 135, 136, 137, 249
  };

  private final Engine engine;
  private final MemorySegment names;
  private final MemorySegment pointers;
  private final MemorySegment values;
  private final MemorySegment vectors;

  RegisterFile(Engine engine) {
    this.engine = engine;
    Arena arena = engine.arena();
    int count = UNICORN.length;
    names = arena.allocate(JAVA_INT, count);
    pointers = arena.allocate(ADDRESS, count);
    values = arena.allocate(JAVA_LONG, count);
    vectors = arena.allocate(16L * VECTOR.length, 16);
    for (int i = 0; i < count; i++) {
      Engine.setInt(names, i, UNICORN[i]);
      pointers.setAtIndex(ADDRESS, i, values.asSlice(i * 8L, 8));
    }
  }

  /** Reads the first {@code count} registers. */
  void read(int count) {
    engine.read(names, pointers, count);
  }

  /** Reads all general registers, instruction pointer and flags. */
  void readAll() {
    read(UNICORN.length);
  }

  /** Returns a register as last read or set. */
  long get(int register) {
    return values.getAtIndex(JAVA_LONG, register);
  }

  /** Sets a register here; {@link #write} tells the CPU. */
  void set(int register, long value) {
    values.setAtIndex(JAVA_LONG, register, value);
  }

  /** Sets the general register with x86 encoding {@code number}, 0 rax to 15 r15. */
  void setEncoded(int number, long value) {
    set(ENCODING[number], value);
  }

  /** Tells the CPU the registers from RSP to {@code last}. */
  void write(int last) {
    engine.write(names.asSlice(4), pointers.asSlice(8), last);
  }

  /** Tells the CPU all of them but the instruction pointer. */
  void writeAll() {
    write(UNICORN.length - 1);
  }

  /** Reads x87 and SSE registers. */
  void readVectors() {
    for (int i = 0; i < VECTOR.length; i++) {
      engine.read(VECTOR[i], vectors.asSlice(i * 16L, 16));
    }
  }

  /** Sets x87 and SSE registers to what {@link #readVectors} read. */
  void writeVectors() {
    for (int i = 0; i < VECTOR.length; i++) {
      engine.write(VECTOR[i], vectors.asSlice(i * 16L, 16));
    }
  }

  /** Returns what was read last, for a report. */
  Registers snapshot() {
    return new Registers(
        get(RIP),
        get(RSP),
        get(RFLAGS),
        get(RAX),
        get(RBX),
        get(RCX),
        get(RDX),
        get(RSI),
        get(RDI),
        get(RBP),
        get(R8),
        get(R9),
        get(R10),
        get(13),
        get(14),
        get(15),
        get(16),
        get(17));
  }
}
