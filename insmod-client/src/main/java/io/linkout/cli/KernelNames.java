package io.linkout.cli;

import io.linkout.link.KernelException;
import io.linkout.link.SymbolMap;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LoadedModule;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What only a running kernel can tell those who name the places in its reports: its symbol map and
 * what is loaded. A report counts for more than the names in it, so what cannot be had is left out.
 */
final class KernelNames {
  private KernelNames() {}

  /** Returns names from {@code kernel} and from {@code files}. */
  static OopsText of(KernelConnection kernel, ModuleFiles files, Console console) {
    return new OopsText(files, console).with(map(kernel, console)).loaded(() -> modules(kernel));
  }

  /** As {@link #of}, from the files of modules where {@code arguments} say that they are. */
  static OopsText of(KernelConnection kernel, Arguments arguments, Console console) {
    return of(kernel, ModuleFiles.of(arguments, console, kernel.identity().release()), console);
  }

  /** As {@link #of}, over a connection for each question. */
  static OopsText ofNew(Supplier<KernelConnection> connection, ModuleFiles files, Console console) {
    SymbolMap map = null;
    try (KernelConnection kernel = connection.get()) {
      map = map(kernel, console);
    } catch (KernelException e) {
      // It has gone since: so have its names.
    }
    return new OopsText(files, console).with(map).loaded(() -> modules(connection));
  }

  /** Returns the map of {@code kernel}, or null; a warning if it should have one. */
  private static @Nullable SymbolMap map(KernelConnection kernel, Console console) {
    try {
      return Symbols.mapOf(kernel);
    } catch (KernelException e) {
      console.warning(e.reason() + ", so addresses in the kernel are not named");
      return null;
    }
  }

  /** Returns what is loaded, as far as {@code kernel} says so: one without modules does not. */
  private static List<LoadedModule> modules(KernelConnection kernel) {
    try {
      return new KernelQueries(kernel).modules();
    } catch (KernelException e) {
      return List.of();
    }
  }

  private static List<LoadedModule> modules(Supplier<KernelConnection> connection) {
    try (KernelConnection kernel = connection.get()) {
      return modules(kernel);
    } catch (KernelException e) {
      return List.of();
    }
  }
}
