package io.linkout.rpc;

import io.linkout.link.KernelException;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the socket a client connects to. */
public final class SocketPath {
  /** Where a kernel listens that root started. */
  public static final String SYSTEM = "/run/linkout/kernel.sock";

  /** Bytes of the longest path that fits {@code sockaddr_un} with its NUL. */
  public static final int MAX_BYTES = 107;

  private SocketPath() {}

  /**
   * Returns {@code option} if it was given, else {@code $LINKOUT_SOCKET}, else {@code
   * $XDG_RUNTIME_DIR/linkout/kernel.sock} if it exists, else {@link #SYSTEM}.
   *
   * @throws KernelException if the path is empty or over {@value #MAX_BYTES} bytes long
   */
  public static String find(@Nullable String option, Map<String, String> environment) {
    String path = choose(option, environment);
    int bytes = path.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0) {
      throw refused("the socket path is empty");
    }
    if (bytes > MAX_BYTES) {
      throw refused(
          "socket path " + path + " is " + bytes + " bytes long: the limit is " + MAX_BYTES);
    }
    return path;
  }

  private static String choose(@Nullable String option, Map<String, String> environment) {
    if (option != null) {
      return option;
    }
    String variable = environment.get("LINKOUT_SOCKET");
    if (variable != null && !variable.isEmpty()) {
      return variable;
    }
    String runtime = environment.get("XDG_RUNTIME_DIR");
    if (runtime != null && !runtime.isEmpty()) {
      String own = runtime + "/linkout/kernel.sock";
      if (new File(own).exists()) {
        return own;
      }
    }
    return SYSTEM;
  }

  private static KernelException refused(String message) {
    return new KernelException(0, "", message, "", List.of());
  }
}
