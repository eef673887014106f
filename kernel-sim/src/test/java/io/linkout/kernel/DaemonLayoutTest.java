package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is in a message, it is one line, and says nothing to a terminal. */
class DaemonLayoutTest {
  private static final String TIME =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) ";

  @Test
  void aFilesLineHasTimeAndLevel() {
    assertThat(lines(false, Level.INFO, "ready", null))
        .singleElement()
        .asString()
        .matches(TIME + "INFO  ready");
    assertThat(lines(false, Level.ERROR, "no", null).getFirst()).matches(TIME + "ERROR no");
  }

  @Test
  void theJournalsLineBeginsWithItsPriority() {
    assertThat(lines(true, Level.WARN, "one", null)).containsExactly("<4>one");
    assertThat(DaemonLayout.priority(Level.ERROR)).isEqualTo(3);
    assertThat(DaemonLayout.priority(Level.INFO)).isEqualTo(6);
    assertThat(DaemonLayout.priority(Level.TRACE)).isEqualTo(7);
  }

  @Test
  void noMessageCanBeginALineOrSteerATerminal() {
    String forged =
        "x\n<0>y\r2026-11-23T00:00:00.000Z ERROR z\u2028\u2029\u0085\u000b\u000c\0\u001b[2J\u009b2J\u007f";
    assertThat(lines(true, Level.INFO, forged, null))
        .containsExactly(
            "<6>x\\x0a<0>y\\x0d2026-11-23T00:00:00.000Z ERROR z"
                + "\\u2028\\u2029\\x85\\x0b\\x0c\\x00\\x1b[2J\\x9b2J\\x7f");
    assertThat(lines(false, Level.INFO, forged, null)).hasSize(1);
    // A mark that turns the direction of what follows, and half a pair.
    assertThat(lines(true, Level.INFO, "a\u202eb\ud800c", null))
        .containsExactly("<6>a\\u202eb\\ud800c");
    assertThat(lines(true, Level.INFO, "grün 😀 \\n", null)).containsExactly("<6>grün 😀 \\n");
  }

  @Test
  void everyLineOfAStackTraceIsMarkedAsOne() {
    List<String> lines =
        lines(true, Level.ERROR, "why", new IllegalStateException("a\n<0>b\u001b[0m"));
    assertThat(lines).hasSizeGreaterThan(3).startsWith("<3>why");
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("<3>\t"));
    assertThat(lines).anyMatch(line -> line.contains("\\x1b[0m"));
  }

  private static List<String> lines(
      boolean journal, Level level, String message, @Nullable Throwable cause) {
    LoggerContext context = new LoggerContext();
    DaemonLayout layout = new DaemonLayout(journal);
    layout.setContext(context);
    layout.start();
    String text =
        layout.doLayout(
            new LoggingEvent("x", context.getLogger("test"), level, message, cause, null));
    assertThat(text).endsWith("\n");
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }
}
