package io.linkout.kernel.cpu.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * What Unicorn calls back for during a run: exceptions, data without a region, code about to be
 * translated, and CPUID. Each callback notes what happened and stops the run; nothing is decided
 * here and nothing is thrown, since an exception in an upcall ends the process.
 */
// Unicorn calls the private methods and says what they must accept.
@SuppressWarnings({"UnusedMethod", "UnusedVariable"})
final class Interceptions {
  /** No exception happened. */
  static final int NONE = -1;

  private static final int RAX = 35;
  private static final int RBX = 37;
  private static final int RCX = 38;
  private static final int RDX = 40;
  private static final int WRITE_UNMAPPED = 20;
  private static final int READ_UNMAPPED = 19;
  private static final int FETCH_PROTECTED = 24;

  /**
   * Of every callback, since the JVM makes code for each shape: the words that the shorter ones are
   * not given are whatever the registers held, as are the upper halves of the narrower arguments.
   */
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private final Engine engine;
  private final LiveMemory memory;
  private final CodeGate gate;
  private CpuidLeaves leaves = (leaf, subleaf) -> null;

  private int vector;
  private boolean touched;
  private long touchedAddress;
  private boolean touchedByWrite;
  private @Nullable Throwable broken;

  /** What CPUID says where it is not left to Unicorn. */
  @FunctionalInterface
  interface CpuidLeaves {
    /** Returns eax, ebx, ecx and edx, or null for Unicorn's own answer. */
    int @Nullable [] leaf(int leaf, int subleaf);
  }

  /** Callbacks of {@code engine}, all in place on return. */
  Interceptions(Engine engine, LiveMemory memory) {
    this.engine = engine;
    this.memory = memory;
    this.gate = new CodeGate(memory::code);
    engine.hook(Engine.HOOK_INTERRUPT, stub("exception"));
    engine.hook(Engine.HOOK_MEMORY_INVALID, stub("memory"));
    engine.hookInstruction(Engine.INSTRUCTION_CPUID, stub("cpuid"));
  }

  /** Says what CPUID answers. */
  void cpuid(CpuidLeaves answers) {
    leaves = answers;
  }

  /** Forgets everything: a run begins. */
  void reset() {
    vector = NONE;
    touched = false;
    gate.reset();
  }

  /**
   * Returns the vector of the exception that ended the run, or {@link #NONE}.
   *
   * @throws IllegalStateException if a callback failed
   */
  int vector() {
    Throwable cause = broken;
    if (cause != null) {
      broken = null;
      throw new IllegalStateException("a callback of Unicorn failed", cause);
    }
    return vector;
  }

  /** Returns what stands before the translator. */
  CodeGate gate() {
    return gate;
  }

  /** Returns the last address that Unicorn has no region for, or does not execute. */
  long touched() {
    return touchedAddress;
  }

  /** Returns true if the last data without a region was at {@code address} and was to be stored. */
  boolean wroteTo(long address) {
    return touched && touchedByWrite && touchedAddress == address;
  }

  private long exception(long uc, long number, long user, long w3, long w4, long w5) {
    vector = (int) number;
    stop();
    return 0;
  }

  private long memory(long uc, long access, long address, long size, long value, long user) {
    return admits((int) access, address, (int) size) ? 1 : 0;
  }

  private boolean admits(int type, long address, int size) {
    try {
      if (type == FETCH_PROTECTED && gate.admits(address, size)) {
        return true;
      }
      touched = true;
      touchedAddress = address;
      touchedByWrite = type == WRITE_UNMAPPED;
      return (type == READ_UNMAPPED || touchedByWrite) && memory.regionWanted(address);
    } catch (RuntimeException | Error e) {
      broken = e;
      return false;
    }
  }

  private long cpuid(long uc, long user, long w2, long w3, long w4, long w5) {
    try {
      int[] answer = leaves.leaf((int) engine.read(RAX), (int) engine.read(RCX));
      if (answer == null) {
        return 0;
      }
      engine.write(RAX, answer[0] & 0xffffffffL);
      engine.write(RBX, answer[1] & 0xffffffffL);
      engine.write(RCX, answer[2] & 0xffffffffL);
      engine.write(RDX, answer[3] & 0xffffffffL);
      return 1;
    } catch (RuntimeException | Error e) {
      broken = e;
      stop();
      return 0;
    }
  }

  private void stop() {
    try {
      engine.stop();
    } catch (RuntimeException | Error e) {
      broken = e;
    }
  }

  @SuppressWarnings("restricted") // callbacks of a native library
  private MemorySegment stub(String method) {
    try {
      MethodHandle target =
          MethodHandles.lookup()
              .findVirtual(Interceptions.class, method, SHAPE.toMethodType())
              .bindTo(this);
      return Linker.nativeLinker().upcallStub(target, SHAPE, engine.arena());
    } catch (NoSuchMethodException | IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
