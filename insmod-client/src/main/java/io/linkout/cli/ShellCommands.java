package io.linkout.cli;

import java.io.IOException;
import java.util.Map;

/** Runs the {@code install} and {@code remove} commands of the configuration. */
final class ShellCommands {
  private final Map<String, String> environment;
  private final Console console;

  /**
   * Runs commands with this process's environment.
   *
   * @param environment what is different in it
   */
  ShellCommands(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  /** Returns {@code command} with {@code $CMDLINE_OPTS} replaced by {@code options}. */
  static String expand(String command, String options) {
    return command.replace("$CMDLINE_OPTS", options);
  }

  /**
   * Runs {@code command} by {@code /bin/sh} with {@code MODPROBE_MODULE} set, on this process's own
   * stdin, stdout and stderr; returns its exit status, 128 and the signal's number if one ended it.
   */
  int run(String command, String module) throws IOException {
    console.flush();
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command).inheritIO();
    builder.environment().putAll(environment);
    builder.environment().put("MODPROBE_MODULE", module);
    Process process = builder.start();
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        // no one interrupts this thread; the command is not to be left alone
      }
    }
  }
}
