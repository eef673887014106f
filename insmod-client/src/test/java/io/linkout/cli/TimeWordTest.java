package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Points in time as util-linux 2.38 takes them; each form was tried with its dmesg. */
class TimeWordTest {
  private static final ZonedDateTime NOW =
      ZonedDateTime.parse("2026-11-23T22:30:15+01:00[Europe/Berlin]");

  @ParameterizedTest
  @CsvSource({
    "now, 2026-11-23T22:30:15+01:00",
    "today, 2026-11-23T00:00:00+01:00",
    "yesterday, 2026-11-22T00:00:00+01:00",
    "tomorrow, 2026-11-24T00:00:00+01:00",
    "+5min, 2026-11-23T22:35:15+01:00",
    "-5min, 2026-11-23T22:25:15+01:00",
    "2h ago, 2026-11-23T20:30:15+01:00",
    "1h 30min ago, 2026-11-23T21:00:15+01:00",
    "1.5h ago, 2026-11-23T21:00:15+01:00",
    "12:30, 2026-11-23T12:30:00+01:00",
    "12:30:01, 2026-11-23T12:30:01+01:00",
    "2026-11-20, 2026-11-20T00:00:00+01:00",
    "2026-07-01 12:00, 2026-07-01T12:00:00+02:00",
    "26-11-23 12:00, 2026-11-23T12:00:00+01:00",
    "2026-11-23T12:00:01, 2026-11-23T12:00:01+01:00",
    "20261123120000, 2026-11-23T12:00:00+01:00",
    "Mon 2026-11-23, 2026-11-23T00:00:00+01:00",
  })
  void forms(String word, String time) {
    assertThat(TimeWord.seconds(word, NOW)).isEqualTo(ZonedDateTime.parse(time).toEpochSecond());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "noon",
        "@5",
        "5s",
        "11-23 12:00",
        "2026-13-01",
        "25:00",
        "+",
        "- ago",
        "+1fortnight"
      })
  void whatIsNoneIsAnError(String word) {
    assertThatThrownBy(() -> TimeWord.seconds(word, NOW))
        .isInstanceOf(Failure.class)
        .satisfies(
            e ->
                assertThat(((Failure) e).message())
                    .isEqualTo("invalid time value \"" + word + "\""));
  }

  @Test
  void blanksAroundItDoNotMatter() {
    assertThat(TimeWord.seconds(" now ", NOW)).isEqualTo(NOW.toEpochSecond());
  }
}
