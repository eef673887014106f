package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.link.Kernel;
import io.linkout.rpc.KernelConnection;
import java.util.Map;

/**
 * A kernel that keeps no symbols, as insmod sees it. For measurements: it lies in this package
 * since what it opens is the commands' own.
 */
public final class UserspaceSymbols {
  private UserspaceSymbols() {}

  /** Returns the kernel at the other end of {@code connection} with its symbols from files. */
  public static Kernel of(KernelConnection connection) {
    ModuleTree tree = ModuleTree.of(null, Map.of(), connection.identity().release());
    return new FileSymbols(connection, new ModuleFiles(tree)).kernel();
  }
}
