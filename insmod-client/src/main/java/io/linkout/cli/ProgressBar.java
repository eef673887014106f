package io.linkout.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A bar on stderr that tells how far a long command is; nothing where stderr is no terminal. */
final class ProgressBar {
  private static final int WIDTH = 40;

  private final int total;
  private final Console console;
  private final boolean shown;
  private int done;
  private int drawn = -1;

  ProgressBar(int total, Console console) {
    this.total = total;
    this.console = console;
    this.shown = total > 1 && isTerminal();
  }

  private static boolean isTerminal() {
    try {
      String name = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** One more is done. */
  void step() {
    done++;
    int filled = done * WIDTH / total;
    if (shown && filled != drawn) {
      drawn = filled;
      console.progress(
          "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + done + "/" + total);
    }
  }

  /** Takes the bar away, since a line of output is about to follow. */
  void clear() {
    if (drawn >= 0) {
      drawn = -1;
      console.progress("");
    }
  }
}
