package io.linkout.kernel.cpu.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * libunicorn, found and bound: one method handle for each function used. It stays loaded for the
 * life of the process.
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

  final MethodHandle open;
  final MethodHandle close;
  final MethodHandle mapPointer;
  final MethodHandle unmap;
  final MethodHandle readRegister;
  final MethodHandle writeRegister;
  final MethodHandle readRegisters;
  final MethodHandle writeRegisters;
  final MethodHandle addHook;
  final MethodHandle addInstructionHook;
  final MethodHandle start;
  final MethodHandle stop;
  final MethodHandle allocateContext;
  final MethodHandle saveContext;
  final MethodHandle restoreContext;
  final MethodHandle freeContext;
  final MethodHandle control;
  final MethodHandle version;

  private UnicornLibrary(SymbolLookup symbols, String name) {
    this.symbols = symbols;
    this.name = name;
    Linker.Option quick = Linker.Option.critical(false);
    open = bind("uc_open", ints(JAVA_INT, JAVA_INT, ADDRESS));
    close = bind("uc_close", ints(ADDRESS));
    mapPointer = bind("uc_mem_map_ptr", ints(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS));
    unmap = bind("uc_mem_unmap", ints(ADDRESS, JAVA_LONG, JAVA_LONG));
    readRegister = bind("uc_reg_read", ints(ADDRESS, JAVA_INT, ADDRESS), quick);
    writeRegister = bind("uc_reg_write", ints(ADDRESS, JAVA_INT, ADDRESS));
    readRegisters = bind("uc_reg_read_batch", ints(ADDRESS, ADDRESS, ADDRESS, JAVA_INT), quick);
    writeRegisters = bind("uc_reg_write_batch", ints(ADDRESS, ADDRESS, ADDRESS, JAVA_INT), quick);
    addHook =
        bind(
            "uc_hook_add",
            ints(ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(7));
    addInstructionHook =
        bind(
            "uc_hook_add",
            ints(ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT),
            Linker.Option.firstVariadicArg(7));
    start = bind("uc_emu_start", ints(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    stop = bind("uc_emu_stop", ints(ADDRESS));
    allocateContext = bind("uc_context_alloc", ints(ADDRESS, ADDRESS));
    saveContext = bind("uc_context_save", ints(ADDRESS, ADDRESS));
    restoreContext = bind("uc_context_restore", ints(ADDRESS, ADDRESS), quick);
    freeContext = bind("uc_context_free", ints(ADDRESS));
    control =
        bind(
            "uc_ctl",
            ints(ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(2));
    version = bind("uc_version", ints(ADDRESS, ADDRESS));
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
      int packed = (int) version.invokeExact(major, minor);
      if (packed >>> 16 != 0x0200) {
        throw new UnicornUnavailableException(
            "%s: this is Unicorn %d.%d, and 2.0 is needed: set %s to another"
                .formatted(name, major.get(JAVA_INT, 0), minor.get(JAVA_INT, 0), VARIABLE));
      }
    } catch (UnicornUnavailableException e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("uc_version", t);
    }
  }

  private static FunctionDescriptor ints(MemoryLayout... arguments) {
    return FunctionDescriptor.of(JAVA_INT, arguments);
  }

  private MethodHandle bind(
      String function, FunctionDescriptor descriptor, Linker.Option... options) {
    MemorySegment address =
        symbols
            .find(function)
            .orElseThrow(
                () -> new UnicornUnavailableException(name + ": has no function " + function));
    return Linker.nativeLinker().downcallHandle(address, descriptor, options);
  }
}
