package io.linkout.kernel.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.commons.cli.Options;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static Arguments parse(String... words) throws Failure {
    return Arguments.parse(
        new Options()
            .addOption(Arguments.option("session-memory", "SIZE"))
            .addOption(Arguments.option("session-handles", "N"))
            .addOption(null, "json", false, null),
        List.of(words));
  }

  @Test
  void optionsFollowOperandsAndMayBeShortened() throws Failure {
    Arguments arguments = parse("7", "--js", "--session-m", "1", "--session-memory=2", "8");
    assertThat(arguments.has("json")).isTrue();
    assertThat(arguments.value("session-memory")).isEqualTo("2");
    assertThat(arguments.values("session-memory")).containsExactly("1", "2");
    assertThat(arguments.value("session-handles")).isNull();
    assertThat(arguments.operands()).containsExactly("7", "8");
  }

  @Test
  void twoDashesEndTheOptions() throws Failure {
    Arguments arguments = parse("--", "--json");
    assertThat(arguments.has("json")).isFalse();
    assertThat(arguments.operands()).containsExactly("--json");
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> parse("--nonsense")).hasMessage("unrecognized option '--nonsense'");
    assertThatThrownBy(() -> parse("--session"))
        .hasMessageContaining("'--session' is ambiguous")
        .hasMessageContaining("--session-memory")
        .hasMessageContaining("--session-handles");
    assertThatThrownBy(() -> parse("--session-memory"))
        .hasMessage("option '--session-memory' requires an argument");
    assertThatThrownBy(() -> parse("x").noOperands()).hasMessage("'x' is not expected here");
  }
}
