package io.linkout.kernel;

import io.linkout.kernel.command.Arguments;
import io.linkout.kernel.command.Failure;
import io.linkout.kernel.command.Sockets;
import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.session.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/** The options of {@code kernel-sim run} and {@code start}. */
final class RunOptions {
  private static final int DEFAULT_INIT_SECONDS = 10;
  private static final int DEFAULT_QUEUE = 256;

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
    options.addOption(Arguments.option("init-timeout", "SECONDS"));
    options.addOption(Arguments.option("allow-uid", "UID"));
    options.addOption(Arguments.option("socket-mode", "MODE"));
    options.addOption(Arguments.option("session-memory", "SIZE"));
    options.addOption(Arguments.option("session-handles", "N"));
    options.addOption(Arguments.option("max-sessions", "N"));
    options.addOption(Arguments.option("max-queue", "N"));
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
    if (symbols != null && !symbols.equals("kernel")) {
      throw new Failure(
          symbols.equals("userspace")
              ? "--symbols=userspace is not supported yet"
              : "--symbols takes 'kernel' or 'userspace', not '" + symbols + "'");
    }
    String level = arguments.value("log-level");
    if (level != null && !DaemonLog.isLevel(level)) {
      throw new Failure("--log-level takes trace, debug, info, warn or error, not '" + level + "'");
    }
    String headers = arguments.value("kernel-headers");
    return new DaemonOptions(
        socket(),
        headers == null ? null : Path.of(headers),
        initTimeout(),
        allowedUids(),
        socketMode(),
        Limits.DEFAULT.with(
            number("session-handles", Limits.DEFAULT.sessionHandles()),
            size("session-memory", Limits.DEFAULT.sessionBytes()),
            number("max-sessions", Limits.DEFAULT.sessions())),
        Deadlines.Allowance.DEFAULT,
        number("max-queue", DEFAULT_QUEUE),
        logFile(),
        level,
        System.getProperty("linkout.client.dir", ""));
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

  private Set<Integer> allowedUids() throws Failure {
    Set<Integer> uids = new HashSet<>();
    for (String text : arguments.values("allow-uid")) {
      try {
        uids.add(Integer.parseUnsignedInt(text));
      } catch (NumberFormatException e) {
        throw new Failure("--allow-uid takes a number, not '" + text + "'");
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

  private int number(String option, int otherwise) throws Failure {
    String text = arguments.value(option);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new Failure("--%s takes a number above 0, not '%s'".formatted(option, text));
  }

  private long size(String option, long otherwise) throws Failure {
    String text = arguments.value(option);
    if (text == null) {
      return otherwise;
    }
    String upper = text.toUpperCase(Locale.ROOT);
    int shift = upper.endsWith("K") ? 10 : upper.endsWith("M") ? 20 : upper.endsWith("G") ? 30 : 0;
    String digits = shift == 0 ? upper : upper.substring(0, upper.length() - 1);
    try {
      long bytes = Math.multiplyExact(Long.parseLong(digits), 1L << shift);
      if (bytes > 0) {
        return bytes;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Said below.
    }
    throw new Failure(
        "--%s takes bytes, or a number with K, M or G, not '%s'".formatted(option, text));
  }
}
