package io.linkout.kernel;

import io.linkout.kernel.command.Arguments;
import io.linkout.kernel.command.Failure;
import io.linkout.kernel.command.Sockets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/** The options of {@code kernel-sim run} and {@code start}. */
final class RunOptions {
  private static final int DEFAULT_INIT_SECONDS = 10;

  private final Arguments arguments;
  private final Map<String, String> environment;

  private RunOptions(Arguments arguments, Map<String, String> environment) {
    this.arguments = arguments;
    this.environment = environment;
  }

  /**
   * Reads {@code words}.
   *
   * @throws Failure naming the option that is wrong
   */
  static RunOptions parse(List<String> words, Map<String, String> environment) throws Failure {
    Options options = new Options();
    options.addOption(Arguments.option("kernel-headers", "DIR"));
    options.addOption(Arguments.option("symbols", "MODE"));
    options.addOption(null, "no-modules", false, null);
    options.addOption(Arguments.option("init-timeout", "SECONDS"));
    options.addOption(Arguments.option("allow-uid", "UID"));
    options.addOption(Arguments.option("socket-mode", "MODE"));
    options.addOption(Arguments.option("allow-read-uid", "UID"));
    LimitOptions.declare(options);
    options.addOption(Arguments.option("log-file", "FILE"));
    options.addOption(Arguments.option("log-level", "LEVEL"));
    Arguments arguments = Arguments.parse(options, words);
    arguments.noOperands();
    return new RunOptions(arguments, environment);
  }

  /** Returns the socket to serve. */
  Path socket() {
    return Sockets.ofDaemon(arguments.value("socket"), environment);
  }

  /** Returns the file for the daemon's output, or null if none was named. */
  @Nullable Path logFile() {
    String file = arguments.value("log-file");
    return file == null ? null : Path.of(file);
  }

  /**
   * Returns everything a daemon needs to know.
   *
   * @throws Failure naming the option whose value cannot be
   */
  DaemonOptions daemon() throws Failure {
    String symbols = arguments.value("symbols");
    if (symbols != null && !symbols.equals("kernel") && !symbols.equals("userspace")) {
      throw new Failure("--symbols takes 'kernel' or 'userspace', not '" + symbols + "'");
    }
    boolean loadsModules = !arguments.has("no-modules");
    if (!loadsModules && "kernel".equals(symbols)) {
      throw new Failure("--symbols=kernel keeps exports for modules: not with --no-modules");
    }
    String level = arguments.value("log-level");
    if (level != null && !DaemonLog.isLevel(level)) {
      throw new Failure("--log-level takes trace, debug, info, warn or error, not '" + level + "'");
    }
    String headers = arguments.value("kernel-headers");
    LimitOptions limits = new LimitOptions(arguments);
    return new DaemonOptions(
        socket(),
        headers == null ? null : Path.of(headers),
        loadsModules && !"userspace".equals(symbols),
        loadsModules,
        initTimeout(),
        uids("allow-uid"),
        uids("allow-read-uid"),
        socketMode(),
        limits.limits(),
        limits.deadlines(),
        limits.maxQueue(),
        logFile(),
        level,
        clientDirectory());
  }

  /** Returns the installation's real path, which stays right if a link to it is moved on. */
  private static String clientDirectory() {
    String directory = System.getProperty("linkout.client.dir", "");
    if (directory.isEmpty()) {
      return directory;
    }
    try {
      return Path.of(directory).toRealPath().toString();
    } catch (IOException e) {
      return directory;
    }
  }

  private Duration initTimeout() throws Failure {
    String text = arguments.value("init-timeout");
    if (text == null) {
      return Duration.ofSeconds(DEFAULT_INIT_SECONDS);
    }
    try {
      double seconds = Double.parseDouble(text);
      if (seconds > 0 && seconds <= 86_400) {
        return Duration.ofNanos((long) (seconds * 1e9));
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new Failure("--init-timeout takes seconds above 0 and up to 86400, not '" + text + "'");
  }

  private Set<Integer> uids(String option) throws Failure {
    Set<Integer> uids = new HashSet<>();
    for (String text : arguments.values(option)) {
      try {
        uids.add(Integer.parseUnsignedInt(text));
      } catch (NumberFormatException e) {
        throw new Failure("--" + option + " takes a number, not '" + text + "'");
      }
    }
    return uids;
  }

  private int socketMode() throws Failure {
    String text = arguments.value("socket-mode");
    if (text == null) {
      return 0600;
    }
    try {
      int mode = Integer.parseInt(text, 8);
      if (mode >= 0 && mode <= 0777) {
        return mode;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new Failure("--socket-mode takes an octal mode up to 0777, not '" + text + "'");
  }
}
