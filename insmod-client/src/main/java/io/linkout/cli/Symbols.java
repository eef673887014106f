package io.linkout.cli;

import io.linkout.link.Errno;
import io.linkout.link.Kernel;
import io.linkout.link.KernelException;
import io.linkout.link.KernelSymbol;
import io.linkout.link.SymbolMap;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a running kernel and the modules in it export, wherever that is written down. */
interface Symbols {
  /** Returns one entry for each of {@code names}, null where nothing exports it. */
  List<@Nullable KernelSymbol> find(List<String> names);

  /** Returns every export, by name in byte order. */
  List<KernelSymbol> all();

  /** Returns the kernel as a linker sees it. */
  Kernel kernel();

  /** Returns what the kernel answers itself; from a map and files if it keeps no symbols. */
  static Symbols of(KernelConnection kernel, Arguments arguments, Console console) {
    if (!kernel.identity().symbolsInUserspace()) {
      return new InKernel(kernel);
    }
    return new FileSymbols(kernel, ModuleFiles.of(arguments, console, kernel.identity().release()));
  }

  /**
   * Returns the symbol map that {@code kernel} wrote, or null if it keeps its symbols.
   *
   * @throws KernelException if it cannot be read or is another kernel's
   */
  static @Nullable SymbolMap mapOf(KernelConnection kernel) {
    String path = kernel.symbolMapPath();
    if (path.isEmpty()) {
      return null;
    }
    try {
      return SymbolMap.read(Path.of(path), kernel.buildId(), kernel.bootId());
    } catch (IOException e) {
      throw new KernelException(
          Errno.ENOENT.number(),
          "ENOENT",
          "cannot read the kernel's symbol map " + path + ": " + FileReason.of(e),
          "",
          List.of());
    }
  }

  /** Those of a kernel that has them itself. */
  record InKernel(KernelConnection kernel) implements Symbols {
    @Override
    public List<@Nullable KernelSymbol> find(List<String> names) {
      return kernel.lookUp(names);
    }

    @Override
    public List<KernelSymbol> all() {
      return new KernelQueries(kernel).exports();
    }
  }
}
