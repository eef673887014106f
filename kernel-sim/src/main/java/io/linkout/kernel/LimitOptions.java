package io.linkout.kernel;

import io.linkout.kernel.command.Arguments;
import io.linkout.kernel.command.Failure;
import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.session.Limits;
import java.time.Duration;
import java.util.Locale;
import org.apache.commons.cli.Options;

/** The options that bound what clients may send, hold and keep waiting. */
final class LimitOptions {
  private static final int DEFAULT_QUEUE = 256;

  /** A frame must hold a handshake and the largest request without a list in it. */
  private static final int LEAST_FRAME = 4096;

  private static final int MOST_FRAME = 64 << 20;

  private static final String[] NUMBERS = {
    "session-handles",
    "max-sessions",
    "max-sessions-uid",
    "max-queue",
    "max-pipelined",
    "max-names",
    "max-entries",
    "max-followers",
    "max-arguments",
  };

  private static final String[] SIZES = {"session-memory", "max-frame", "max-call-memory"};

  private static final String[] TIMES = {"hello-timeout", "frame-timeout", "reply-timeout"};

  private final Arguments arguments;

  LimitOptions(Arguments arguments) {
    this.arguments = arguments;
  }

  /** Adds them to {@code options}. */
  static void declare(Options options) {
    for (String option : NUMBERS) {
      options.addOption(Arguments.option(option, "N"));
    }
    for (String option : SIZES) {
      options.addOption(Arguments.option(option, "SIZE"));
    }
    for (String option : TIMES) {
      options.addOption(Arguments.option(option, "SECONDS"));
    }
  }

  /**
   * Returns the bounds.
   *
   * @throws Failure naming the option whose value cannot be
   */
  Limits limits() throws Failure {
    Limits standard = Limits.DEFAULT;
    int sessions = number("max-sessions", standard.sessions(), 1 << 20);
    return new Limits(
        (int) size("max-frame", standard.frameBytes(), LEAST_FRAME, MOST_FRAME),
        number("max-pipelined", standard.pipelinedRequests(), 1 << 20),
        number("max-names", standard.resolveNames(), 1 << 20),
        number("session-handles", standard.sessionHandles(), Integer.MAX_VALUE),
        size("session-memory", standard.sessionBytes(), 1, Long.MAX_VALUE),
        number("max-entries", standard.activateEntries(), 1 << 20),
        number("max-arguments", standard.callArguments(), standard.callArguments()),
        (int) size("max-call-memory", standard.callBytes(), 1, MOST_FRAME),
        sessions,
        number("max-sessions-uid", Math.max(1, sessions / 2), 1 << 20),
        number("max-followers", standard.followers(), 1 << 20));
  }

  /**
   * Returns how long clients may keep the kernel waiting.
   *
   * @throws Failure naming the option whose value cannot be
   */
  Deadlines.Allowance deadlines() throws Failure {
    Deadlines.Allowance standard = Deadlines.Allowance.DEFAULT;
    return new Deadlines.Allowance(
        time("hello-timeout", standard.hello()),
        time("frame-timeout", standard.frame()),
        time("reply-timeout", standard.reply()));
  }

  /**
   * Returns how many jobs may wait for the CPU.
   *
   * @throws Failure if the value cannot be
   */
  int maxQueue() throws Failure {
    return number("max-queue", DEFAULT_QUEUE, Integer.MAX_VALUE);
  }

  private int number(String option, int otherwise, int most) throws Failure {
    String text = arguments.value(option);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number > 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new Failure(
        most == Integer.MAX_VALUE
            ? "--%s takes a number above 0, not '%s'".formatted(option, text)
            : "--%s takes a number from 1 to %d, not '%s'".formatted(option, most, text));
  }

  private long size(String option, long otherwise, long least, long most) throws Failure {
    String text = arguments.value(option);
    if (text == null) {
      return otherwise;
    }
    String upper = text.toUpperCase(Locale.ROOT);
    int shift = upper.endsWith("K") ? 10 : upper.endsWith("M") ? 20 : upper.endsWith("G") ? 30 : 0;
    String digits = shift == 0 ? upper : upper.substring(0, upper.length() - 1);
    try {
      long bytes = Math.multiplyExact(Long.parseLong(digits), 1L << shift);
      if (bytes >= least && bytes <= most) {
        return bytes;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Said below.
    }
    throw new Failure(
        most == Long.MAX_VALUE
            ? "--%s takes bytes, or a number with K, M or G, not '%s'".formatted(option, text)
            : "--%s takes %d to %d bytes, or a number with K, M or G, not '%s'"
                .formatted(option, least, most, text));
  }

  private Duration time(String option, Duration otherwise) throws Failure {
    String text = arguments.value(option);
    if (text == null) {
      return otherwise;
    }
    try {
      double seconds = Double.parseDouble(text);
      if (seconds > 0 && seconds <= 86_400) {
        return Duration.ofNanos((long) (seconds * 1e9));
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new Failure(
        "--%s takes seconds above 0 and up to 86400, not '%s'".formatted(option, text));
  }
}
