package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Options as getopt_long takes them. */
class SyntaxTest {
  private static Arguments parse(String... words) {
    return new Syntax("x")
        .flag('c', "clear", "")
        .flag('f', "force", "")
        .flag('\0', "force-all", "")
        .value('l', "level", "LIST", "")
        .parse(words, false);
  }

  @Test
  void operandsMayStandAnywhere() {
    Arguments arguments = parse("a", "-f", "b", "--level", "x", "c", "--", "-c", "--force");
    assertThat(arguments.operands()).containsExactly("a", "b", "c", "-c", "--force");
    assertThat(arguments.has("force")).isTrue();
    assertThat(arguments.has("clear")).isFalse();
    assertThat(arguments.value("level")).isEqualTo("x");
  }

  @Test
  void shortOptionsMayBeJoined() {
    Arguments arguments = parse("-cl", "err", "-flwarn", "-");
    assertThat(arguments.has("clear")).isTrue();
    assertThat(arguments.has("force")).isTrue();
    assertThat(arguments.value("level")).as("the last one counts").isEqualTo("warn");
    assertThat(arguments.operands()).containsExactly("-");
  }

  @Test
  void longOptionsMayBeShortenedWhileUnique() {
    assertThat(parse("--cl").has("clear")).isTrue();
    assertThat(parse("--force").has("force-all")).isFalse();
    assertThat(parse("--force-").has("force-all")).isTrue();
    assertThat(parse("--lev=a=b").value("level")).isEqualTo("a=b");
    assertThat(parse("--lev", "-c").value("level")).isEqualTo("-c");
    assertThat(parse("--level=").value("level")).isEmpty();
    assertThatThrownBy(() -> parse("--for")).hasMessage("option '--for' is ambiguous");
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> parse("--nope")).hasMessage("unrecognized option '--nope'");
    assertThatThrownBy(() -> parse("-cz")).hasMessage("invalid option -- 'z'");
    assertThatThrownBy(() -> parse("-l")).hasMessage("option requires an argument -- 'l'");
    assertThatThrownBy(() -> parse("--level")).hasMessage("option '--level' requires an argument");
    assertThatThrownBy(() -> parse("--clear=x"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("--clear");
  }

  @Test
  void negativeNumbersAreOperandsWhereACommandWantsThem() {
    Arguments arguments =
        new Syntax("x").flag('f', "force", "").parse(new String[] {"-1", "-f", "-0x10"}, true);
    assertThat(arguments.operands()).containsExactly("-1", "-0x10");
    assertThat(arguments.has("force")).isTrue();
  }
}
