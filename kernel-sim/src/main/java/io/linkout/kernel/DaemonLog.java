package io.linkout.kernel;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.linkout.kernel.systemd.Journal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The daemon's own log (not the kernel's: that is kmsg). Configured here and not from a file, since
 * reading XML costs a third of the daemon's start.
 *
 * <p>On standard error only warnings are shown unless a level is asked for, since nothing belongs
 * there when all is well; in a file, and under a service manager that collects standard error, what
 * happened is worth a line.
 */
public final class DaemonLog extends ContextAwareBase implements Configurator {
  private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

  /** Bytes of the file from which on it is rolled over. */
  static final long FILE_BYTES = 10_000_000;

  /** Old files that are kept. */
  private static final int KEPT = 3;

  /** How often its size is looked at. */
  private static final int CHECK_MILLIS = 100;

  /** Called by Logback before the first line: silence until {@link #open}. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Opens the log, again if it was open: a file that was moved away is left alone then.
   *
   * @param file null for standard error
   * @param level a level's name, or null for the default
   */
  static void open(@Nullable Path file, @Nullable String level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    boolean journal = file == null && Journal.reads(System.getenv(), Path.of("/proc/self/fd/2"));
    OutputStreamAppender<ILoggingEvent> appender =
        file == null ? console() : rolling(context, file.toString());
    appender.setContext(context);
    appender.setEncoder(encoder(context, journal));
    appender.start();
    root.addAppender(appender);
    root.setLevel(
        level == null
            ? file == null && !journal ? Level.WARN : Level.INFO
            : Level.valueOf(level.toUpperCase(Locale.ROOT)));
    // Netty says at INFO and below what concerns its own authors only.
    context.getLogger("io.netty").setLevel(Level.WARN);
    // Warns where there is no network, as in a container: an identifier that nothing here uses.
    context.getLogger("io.netty.util.internal.MacAddressUtil").setLevel(Level.OFF);
  }

  private static ConsoleAppender<ILoggingEvent> console() {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    return console;
  }

  /**
   * Returns an appender that keeps {@code file} and {@link #KEPT} older ones, {@code file.1} on.
   */
  private static FileAppender<ILoggingEvent> rolling(LoggerContext context, String file) {
    if (file.indexOf('%') >= 0) {
      // Logback would take it for a conversion, and has no way to say that it is none.
      FileAppender<ILoggingEvent> plain = new FileAppender<>();
      plain.setFile(file);
      return plain;
    }
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setFile(file);
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(FILE_BYTES));
    trigger.setCheckIncrement(Duration.buildByMilliseconds(CHECK_MILLIS));
    trigger.start();
    FixedWindowRollingPolicy policy = new FixedWindowRollingPolicy();
    policy.setContext(context);
    policy.setParent(appender);
    policy.setFileNamePattern(file + ".%i");
    policy.setMinIndex(1);
    policy.setMaxIndex(KEPT);
    policy.start();
    appender.setTriggeringPolicy(trigger);
    appender.setRollingPolicy(policy);
    return appender;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean journal) {
    DaemonLayout layout = new DaemonLayout(journal);
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }

  /** Returns true if {@code level} names a level, in any case of letters. */
  static boolean isLevel(String level) {
    return LEVELS.contains(level.toUpperCase(Locale.ROOT));
  }
}
