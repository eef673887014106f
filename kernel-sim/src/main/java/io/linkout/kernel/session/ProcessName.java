package io.linkout.kernel.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process calls itself: {@code comm} of Linux's struct task_struct (proc(5)). */
final class ProcessName {
  /** TASK_COMM_LEN without the NUL at the end. */
  private static final int MOST_BYTES = 15;

  private ProcessName() {}

  /**
   * Returns the name of process {@code pid}, what cannot be printed replaced; empty if it is gone
   * or lives where this process cannot see it, as in another container.
   */
  static String of(int pid) {
    return pid <= 0 ? "" : read(Path.of("/proc/" + pid + "/comm"));
  }

  static String read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES);
      StringBuilder name = new StringBuilder(bytes.length);
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n' && i == bytes.length - 1) {
          break;
        }
        name.append(bytes[i] >= ' ' && bytes[i] < 0x7f ? (char) bytes[i] : '?');
      }
      return name.toString();
    } catch (IOException e) {
      return "";
    }
  }
}
