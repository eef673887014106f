package io.linkout.kernel.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether output goes to systemd-journald, which takes a priority before each line. */
public final class Journal {
  private Journal() {}

  /**
   * Returns true if {@code descriptor} is what {@code JOURNAL_STREAM} names, device and inode
   * (systemd.exec(5)): the variable alone may be inherited by a process whose output goes
   * elsewhere.
   *
   * @param descriptor such as {@code /proc/self/fd/2}
   */
  public static boolean reads(Map<String, String> environment, Path descriptor) {
    String stream = environment.get("JOURNAL_STREAM");
    if (stream == null) {
      return false;
    }
    try {
      return stream.equals(
          Files.getAttribute(descriptor, "unix:dev")
              + ":"
              + Files.getAttribute(descriptor, "unix:ino"));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Returns what a line of priority {@code priority} begins with, as sd-daemon(3) says: nothing
   * unless the journal reads {@code descriptor}.
   */
  public static String prefix(int priority, Map<String, String> environment, Path descriptor) {
    return reads(environment, descriptor) ? "<" + priority + ">" : "";
  }
}
