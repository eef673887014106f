package io.linkout.kernel.session;

import io.linkout.kernel.kmsg.Kmsg;

/** Puts a client's reasons for not loading a module into the kernel log, in Linux's words. */
final class FailureReport {
  private static final int KERN_ERR = 3;
  private static final int KERN_WARNING = 4;

  /** Linux cuts a record's text at this many bytes (LOG_LINE_MAX, kernel/printk/printk.c). */
  private static final int LINE = 976;

  private static final int ENOSPC = 28;

  private FailureReport() {}

  static void log(Kmsg kmsg, Request.ReportFailure report) {
    report.causes().forEach(cause -> log(kmsg, report.module(), cause));
  }

  private static void log(Kmsg kmsg, String module, Request.Cause cause) {
    int level =
        switch (cause.kind()) {
          case UNKNOWN_SYMBOL, VERSION_DISAGREES, UNKNOWN_PARAMETER -> KERN_WARNING;
          case BAD_VERMAGIC, BAD_PARAMETER, NAMESPACE_NOT_IMPORTED, DUPLICATE_EXPORT -> KERN_ERR;
        };
    String line = module + ": " + words(cause);
    // The words are the client's: it may not forge records of its own with newlines.
    kmsg.log(
        level,
        line.codePoints()
            .limit(LINE)
            .map(c -> Character.isISOControl(c) ? '?' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString());
  }

  private static String words(Request.Cause cause) {
    String subject = cause.subject();
    return switch (cause.kind()) {
      case UNKNOWN_SYMBOL -> "Unknown symbol %s (err %d)".formatted(subject, -cause.errno());
      case VERSION_DISAGREES -> "disagrees about version of symbol " + subject;
      case BAD_VERMAGIC -> "version magic '%s' should be '%s'".formatted(subject, cause.expected());
      case BAD_PARAMETER ->
          "`%s' %s for parameter `%s'"
              .formatted(
                  cause.expected(), cause.errno() == ENOSPC ? "too large" : "invalid", subject);
      case UNKNOWN_PARAMETER -> "unknown parameter '%s'".formatted(subject);
      case NAMESPACE_NOT_IMPORTED ->
          "module uses symbol (%s) from namespace %s, but does not import it."
              .formatted(subject, cause.expected());
      case DUPLICATE_EXPORT ->
          "exports duplicate symbol %s (owned by %s)".formatted(subject, cause.expected());
    };
  }
}
