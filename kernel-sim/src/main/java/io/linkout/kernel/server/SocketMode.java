package io.linkout.kernel.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Permissions of the socket file.
 *
 * <p>bind(2) makes the file with the mode of the socket's own inode less the umask, which Java
 * cannot set; by default that is 0777, and a chmod afterwards leaves a moment in which anyone may
 * connect. Alternatives were a private directory and a rename, whose longer path may not fit into
 * the 107 bytes an address has, and relying on the check of peer credentials alone, which is there
 * anyway. So the inode's mode is changed first, through /proc/self/fd, and the file's afterwards:
 * there is no moment with more than the mode asked for.
 */
public final class SocketMode {
  private static final Logger LOG = LoggerFactory.getLogger(SocketMode.class);

  private SocketMode() {}

  /** Lets nobody but the owner use the file that binding {@code descriptor} will make. */
  static void restrictBeforeBind(int descriptor) {
    try {
      Files.setPosixFilePermissions(Path.of("/proc/self/fd/" + descriptor), permissions(0600));
    } catch (IOException | UnsupportedOperationException e) {
      // Where there is no /proc the check of peer credentials stands alone.
      LOG.debug("the socket's mode cannot be set before it is bound: {}", e.toString());
    }
  }

  /**
   * Gives the file {@code socket} the permissions {@code mode}, such as 0600.
   *
   * @throws IOException if that cannot be
   */
  public static void set(Path socket, int mode) throws IOException {
    Files.setPosixFilePermissions(socket, permissions(mode));
  }

  /** Returns the nine permission bits of {@code mode}. */
  public static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] inOrder = PosixFilePermission.values();
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < inOrder.length; i++) {
      if ((mode & 0400 >> i) != 0) {
        permissions.add(inOrder[i]);
      }
    }
    return permissions;
  }
}
