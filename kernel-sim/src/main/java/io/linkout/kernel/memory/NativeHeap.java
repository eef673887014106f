package io.linkout.kernel.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The C library's heap. */
@SuppressWarnings("restricted") // to call C is what this is for
final class NativeHeap {
  // The shape in which the emulator's library is called, too: for another, the JVM would make
  // another piece of code at start. What a function does not take, it does not look at.
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG, JAVA_LONG));

  private static final MemorySegment CALLOC = find("calloc");
  private static final MemorySegment FREE = find("free");

  private NativeHeap() {}

  /** Returns {@code bytes} zeroed bytes, at address 0 if there are none. */
  static MemorySegment zeroed(long bytes) {
    long address = call(CALLOC, 1, bytes);
    return MemorySegment.ofAddress(address).reinterpret(address == 0 ? 0 : bytes);
  }

  /** Gives back what {@link #zeroed} returned. */
  static void free(MemorySegment block) {
    call(FREE, block.address(), 0);
  }

  private static long call(MemorySegment function, long a, long b) {
    try {
      return (long) CALL.invokeExact(function, a, b, 0L, 0L, 0L, 0L, 0L, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MemorySegment find(String function) {
    return Linker.nativeLinker()
        .defaultLookup()
        .find(function)
        .orElseThrow(() -> new IllegalStateException("the C library has no " + function));
  }
}
