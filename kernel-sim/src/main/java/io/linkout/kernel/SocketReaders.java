package io.linkout.kernel;

import io.linkout.kernel.server.SocketMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may connect to a socket, as far as its file says, and so may read what lies beside it. To
 * connect takes the permission to write (unix(7)).
 *
 * @param mode of the socket's file
 * @param uid its owner
 * @param gid its group
 */
record SocketReaders(int mode, int uid, int gid) {
  private static final Logger LOG = LoggerFactory.getLogger(SocketReaders.class);

  private static final int ROOT = 0;
  private static final int OWNER = 0200;
  private static final int GROUP = 0020;
  private static final int ALL_READ = 0044;

  /** Those of a socket that this process makes in the directory of {@code file}, as that is. */
  static SocketReaders ofOwn(int mode, Path file) throws IOException {
    return new SocketReaders(mode, number(file, "uid"), number(file, "gid"));
  }

  /** Those of a socket that is there, which another may have made. */
  static SocketReaders of(Path socket) throws IOException {
    return new SocketReaders(number(socket, "mode"), number(socket, "uid"), number(socket, "gid"));
  }

  /**
   * Lets them read {@code file}, of this process. All may, where its owner and group cannot tell
   * them from others: somebody else's socket, or a group that this process is not in.
   */
  void mayRead(Path file) throws IOException {
    boolean told = (mode & OWNER) == 0 || uid == ROOT || uid == number(file, "uid");
    if ((mode & GROUP) != 0 && gid != number(file, "gid")) {
      told &= hasTaken(file);
    }
    int read = (mode & 0222) << 1;
    SocketMode.set(file, 0600 | read | (told ? 0 : ALL_READ));
  }

  private boolean hasTaken(Path file) {
    try {
      Files.setAttribute(file, "unix:gid", gid);
      return true;
    } catch (IOException e) {
      LOG.debug("group {} cannot be given to {}: {}", gid, file, e.toString());
      return false;
    }
  }

  private static int number(Path file, String attribute) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:" + attribute);
  }
}
