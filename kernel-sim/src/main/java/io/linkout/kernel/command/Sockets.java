package io.linkout.kernel.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which socket is meant. */
public final class Sockets {
  private static final Path SYSTEM = Path.of("/run/linkout/kernel.sock");

  private Sockets() {}

  /** Returns the socket a daemon serves: {@code option} if given, else as the environment says. */
  public static Path ofDaemon(@Nullable String option, Map<String, String> environment) {
    String named = option != null ? option : environment.get("LINKOUT_SOCKET");
    if (named != null && !named.isEmpty()) {
      return Path.of(named);
    }
    // A service manager that gives a runtime directory means the system's socket.
    String runtime = environment.get("XDG_RUNTIME_DIR");
    return runtime == null || runtime.isEmpty() || environment.containsKey("RUNTIME_DIRECTORY")
        ? SYSTEM
        : inRuntime(runtime);
  }

  /**
   * Returns the socket a client talks to: {@code option} if given, else as the environment says.
   */
  public static Path ofClient(@Nullable String option, Map<String, String> environment) {
    String named = option != null ? option : environment.get("LINKOUT_SOCKET");
    if (named != null && !named.isEmpty()) {
      return Path.of(named);
    }
    String runtime = environment.get("XDG_RUNTIME_DIR");
    return runtime != null && !runtime.isEmpty() && Files.exists(inRuntime(runtime))
        ? inRuntime(runtime)
        : SYSTEM;
  }

  private static Path inRuntime(String directory) {
    return Path.of(directory, "linkout", "kernel.sock");
  }
}
