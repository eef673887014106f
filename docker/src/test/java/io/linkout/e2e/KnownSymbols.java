package io.linkout.e2e;

import io.linkout.cli.CommandInProcess;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.Symbol;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which symbols there are and of whom: as the kernel says or, if it keeps none, as every client
 * finds them in the files of the loaded modules.
 */
final class KnownSymbols {
  private KnownSymbols() {}

  /**
   * Returns the owners of those of {@code names} that are there, all of which are modules'.
   *
   * @param socket of the kernel that {@code kernel} looks at
   */
  static Map<String, String> owners(Onlooker kernel, Path socket, List<String> names) {
    if (!Daemon.USERSPACE) {
      return kept(kernel, names);
    }
    Map<String, String> owners = found(socket, names);
    awaitOwnSessionsEnd(kernel);
    return owners;
  }

  /** The kernel hears a moment later that this process's connection was closed. */
  private static void awaitOwnSessionsEnd(Onlooker kernel) {
    long self = ProcessHandle.current().pid();
    while (kernel.sessions().stream().anyMatch(s -> s.getPid() == self)) {
      Daemon.pause(1);
    }
  }

  private static Map<String, String> kept(Onlooker kernel, List<String> names) {
    Map<String, String> owners = new TreeMap<>();
    List<Module> modules = kernel.modules();
    List<Symbol> symbols = kernel.lookUp(names);
    for (int i = 0; i < names.size(); i++) {
      long owner = symbols.get(i).getOwnerLoadId();
      if (symbols.get(i).getFound()) {
        owners.put(
            names.get(i),
            modules.stream()
                .filter(m -> m.getLoadId() == owner)
                .map(Module::getName)
                .findFirst()
                .orElseThrow());
      }
    }
    return owners;
  }

  private static Map<String, String> found(Path socket, List<String> names) {
    Map<String, String> owners = new TreeMap<>();
    CommandInProcess ksym = CommandInProcess.run(socket, "ksym", names);
    for (String line : ksym.out().lines().toList()) {
      // 0xADDRESS CLASS OWNER NAME CRC NAMESPACE
      List<String> fields = List.of(line.split(" ", -1));
      owners.put(fields.get(3), fields.get(2));
    }
    List<String> others =
        names.stream()
            .filter(name -> !owners.containsKey(name))
            .map(name -> "ksym: ERROR: unknown symbol " + name)
            .toList();
    if (!ksym.err().lines().toList().equals(others)) {
      throw new AssertionError(ksym);
    }
    return owners;
  }
}
