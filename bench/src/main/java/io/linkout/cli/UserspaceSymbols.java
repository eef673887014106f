package io.linkout.cli;

import io.linkout.link.Kernel;
import io.linkout.rpc.KernelConnection;
import java.io.OutputStream;
import java.util.Map;

/**
 * A kernel that keeps no symbols, as insmod sees it. For measurements: it lies in this package
 * since what it opens is the commands' own.
 */
public final class UserspaceSymbols {
  private UserspaceSymbols() {}

  /** Returns the kernel at the other end of {@code connection} with its symbols from files. */
  public static Kernel of(KernelConnection connection) {
    Console console =
        new Console(
            "bench", OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), Map.of());
    return new FileSymbols(connection, console, null, null).kernel();
  }
}
