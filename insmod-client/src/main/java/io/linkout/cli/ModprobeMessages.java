package io.linkout.cli;

import io.linkout.rpc.SystemLog;
import java.util.List;

/** Where modprobe's messages go: stderr, the system's log, or with {@code -q} nowhere. */
final class ModprobeMessages {
  private final Console console;
  private final boolean quiet;
  private final boolean syslog;
  private final boolean warn;

  ModprobeMessages(Arguments arguments, Console console) {
    this.console = console;
    this.quiet = arguments.has("quiet");
    this.syslog = arguments.has("syslog");
    this.warn = arguments.has("all");
  }

  /** Says that an operand cannot be dealt with: a warning if there may be others. */
  void operand(String text) {
    if (quiet) {
      return;
    }
    if (syslog) {
      send(warn ? "WARNING" : "FATAL", text);
    } else if (warn) {
      console.warning(text);
    } else {
      console.fatal(text);
    }
  }

  /** Says that something failed, and why. */
  void error(String text, List<String> causes) {
    if (quiet) {
      return;
    }
    if (syslog) {
      send("ERROR", text);
    } else {
      console.error(text);
    }
    for (String cause : causes) {
      if (syslog) {
        send("ERROR", cause);
      } else {
        console.raw("  " + cause);
      }
    }
  }

  /** Warns. */
  void warning(String text) {
    if (quiet) {
      return;
    }
    if (syslog) {
      send("WARNING", text);
    } else {
      console.warning(text);
    }
  }

  private void send(String severity, String text) {
    int level =
        switch (severity) {
          case "FATAL" -> SystemLog.CRITICAL;
          case "ERROR" -> SystemLog.ERROR;
          default -> SystemLog.WARNING;
        };
    SystemLog.send(level, console.program(), severity + ": " + text);
  }
}
