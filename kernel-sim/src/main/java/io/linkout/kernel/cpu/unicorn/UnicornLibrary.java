package io.linkout.kernel.cpu.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * libunicorn, found and bound. It stays loaded for the life of the process.
 *
 * <p>The JVM makes and compiles code for every shape of a foreign call, tens of milliseconds each,
 * so all functions are called in one shape: eight 64-bit words. The x86-64 psABI (3.2.3) lets a
 * caller do that: arguments are integers and pointers, a callee reads the registers and the stack
 * words that it has parameters for and no more of them than their width, and the caller clears the
 * stack. A variadic function wants the number of vector registers in {@code al}, which only decides
 * whether it saves them.
 */
@SuppressWarnings("restricted") // binding a native library is what this class is for
final class UnicornLibrary {
  /** System property naming the library file. */
  static final String PROPERTY = "linkout.unicorn";

  /** Environment variable naming the library file, if the property is not set. */
  static final String VARIABLE = "LINKOUT_UNICORN";

  private static final String SONAME = "libunicorn.so.2";
  private static final List<String> DIRECTORIES =
      List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib");

  private final SymbolLookup symbols;
  private final String name;

  final MemorySegment open;
  final MemorySegment close;
  final MemorySegment mapPointer;
  final MemorySegment unmap;
  final MemorySegment readRegister;
  final MemorySegment writeRegister;
  final MemorySegment readRegisters;
  final MemorySegment writeRegisters;
  final MemorySegment addHook;
  final MemorySegment start;
  final MemorySegment stop;
  final MemorySegment allocateContext;
  final MemorySegment saveContext;
  final MemorySegment restoreContext;
  final MemorySegment freeContext;
  final MemorySegment control;
  final MemorySegment version;

  private final MethodHandle call;
  private final MethodHandle quickCall;

  private UnicornLibrary(SymbolLookup symbols, String name) {
    this.symbols = symbols;
    this.name = name;
    FunctionDescriptor shape =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);
    call = Linker.nativeLinker().downcallHandle(shape);
    quickCall = Linker.nativeLinker().downcallHandle(shape, Linker.Option.critical(false));
    open = find("uc_open");
    close = find("uc_close");
    mapPointer = find("uc_mem_map_ptr");
    unmap = find("uc_mem_unmap");
    readRegister = find("uc_reg_read");
    writeRegister = find("uc_reg_write");
    readRegisters = find("uc_reg_read_batch");
    writeRegisters = find("uc_reg_write_batch");
    addHook = find("uc_hook_add");
    start = find("uc_emu_start");
    stop = find("uc_emu_stop");
    allocateContext = find("uc_context_alloc");
    saveContext = find("uc_context_save");
    restoreContext = find("uc_context_restore");
    freeContext = find("uc_context_free");
    control = find("uc_ctl");
    version = find("uc_version");
  }

  /**
   * Returns the library the property or the environment names, else the system's.
   *
   * @throws UnicornUnavailableException if there is none, or it is not a release this was tried
   *     with
   */
  static UnicornLibrary load() {
    String named = System.getProperty(PROPERTY, System.getenv(VARIABLE));
    UnicornLibrary library = named == null || named.isEmpty() ? system() : bound(Path.of(named));
    library.checkVersion();
    return library;
  }

  private static UnicornLibrary system() {
    for (String directory : DIRECTORIES) {
      Path file = Path.of(directory, SONAME);
      if (Files.isReadable(file)) {
        return bound(file);
      }
    }
    try {
      return new UnicornLibrary(SymbolLookup.libraryLookup(SONAME, Arena.global()), SONAME);
    } catch (IllegalArgumentException e) {
      throw new UnicornUnavailableException(
          SONAME
              + " not found: install libunicorn2 (Debian, Ubuntu), or set "
              + VARIABLE
              + " to the library's path");
    }
  }

  private static UnicornLibrary bound(Path file) {
    try {
      return new UnicornLibrary(SymbolLookup.libraryLookup(file, Arena.global()), file.toString());
    } catch (IllegalArgumentException e) {
      throw new UnicornUnavailableException(
          file + ": cannot be loaded as libunicorn; set " + VARIABLE + " to the library's path");
    }
  }

  /** Returns where the library came from. */
  String name() {
    return name;
  }

  private void checkVersion() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(JAVA_INT);
      MemorySegment minor = arena.allocate(JAVA_INT);
      int packed = call(version, major.address(), minor.address(), 0, 0, 0);
      if (packed >>> 16 != 0x0200) {
        throw new UnicornUnavailableException(
            "%s: this is Unicorn %d.%d, and 2.0 is needed: set %s to another"
                .formatted(name, major.get(JAVA_INT, 0), minor.get(JAVA_INT, 0), VARIABLE));
      }
    }
  }

  /** Calls {@code function}, which may call back, with five arguments or fewer. */
  int call(MemorySegment function, long a, long b, long c, long d, long e) {
    return call(function, a, b, c, d, e, 0, 0, 0);
  }

  /** Calls {@code function}, which may call back; returns its 32-bit result. */
  int call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g, long h) {
    try {
      return (int) (long) call.invokeExact(function, a, b, c, d, e, f, g, h);
    } catch (Throwable t) {
      throw failure(t);
    }
  }

  /** Calls {@code function}, which returns at once and never calls back. */
  int callQuick(MemorySegment function, long a, long b, long c, long d) {
    try {
      return (int) (long) quickCall.invokeExact(function, a, b, c, d, 0L, 0L, 0L, 0L);
    } catch (Throwable t) {
      throw failure(t);
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

  private MemorySegment find(String function) {
    return symbols
        .find(function)
        .orElseThrow(() -> new UnicornUnavailableException(name + ": has no function " + function));
  }
}
