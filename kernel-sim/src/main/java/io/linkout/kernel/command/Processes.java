package io.linkout.kernel.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Waits for processes that are not ours to wait for. */
final class Processes {
  private static final Duration LOOK_EVERY = Duration.ofMillis(2);

  private Processes() {}

  /**
   * Waits until process {@code pid} has ended. One that has ended and that its parent never asks
   * about, as in containers whose first process reaps no one, has ended as well; that is why {@link
   * ProcessHandle} is not used.
   *
   * @return false if it has not ended within {@code patience}
   */
  static boolean awaitEnd(long pid, Duration patience) throws InterruptedException {
    long start = System.nanoTime();
    while (runs(pid)) {
      if (System.nanoTime() - start > patience.toNanos()) {
        return false;
      }
      Thread.sleep(LOOK_EVERY);
    }
    return true;
  }

  /** Returns true if the process is there and neither a zombie nor dead: proc(5), field 3. */
  private static boolean runs(long pid) {
    try {
      String stat =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.ISO_8859_1);
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state != 'Z' && state != 'X';
    } catch (IOException | StringIndexOutOfBoundsException e) {
      return false;
    }
  }
}
