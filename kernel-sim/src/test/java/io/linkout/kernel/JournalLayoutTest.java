package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class JournalLayoutTest {
  @Test
  void everyLineBeginsWithItsPriority() {
    LoggerContext context = new LoggerContext();
    JournalLayout layout = new JournalLayout();
    layout.setContext(context);
    layout.start();
    LoggingEvent event =
        new LoggingEvent(
            "x",
            context.getLogger("test"),
            Level.WARN,
            "one\ntwo",
            new IllegalStateException("why"),
            null);
    assertThat(layout.doLayout(event).lines())
        .hasSizeGreaterThan(3)
        .startsWith("<4>one", "<4>two", "<4>java.lang.IllegalStateException: why")
        .allMatch(line -> line.startsWith("<4>"));
    assertThat(JournalLayout.priority(Level.ERROR)).isEqualTo(3);
    assertThat(JournalLayout.priority(Level.INFO)).isEqualTo(6);
    assertThat(JournalLayout.priority(Level.TRACE)).isEqualTo(7);
  }
}
