package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A module's command line is split as the kernel splits it. */
final class ArgumentTest {
  private static List<String> split(String line) {
    return Argument.split(line).stream()
        .map(a -> a.value() == null ? a.name() : a.name() + " -> " + a.value())
        .toList();
  }

  @Test
  void atWhiteSpace() {
    assertThat(split("  a=1 \t b=2\nc ")).containsExactly("a -> 1", "b -> 2", "c");
    assertThat(split("   ")).isEmpty();
  }

  @Test
  void quotesKeepSpacesAndAreDroppedAroundValues() {
    assertThat(split("a=\"x y\" b=\"z\" ")).containsExactly("a -> x y", "b -> z");
    assertThat(split("\"a=x y\" b=1")).containsExactly("a -> x y", "b -> 1");
  }

  @Test
  void quotesInsideStay() {
    assertThat(split("a=x\"y z\"w")).containsExactly("a -> x\"y z\"w");
  }

  @Test
  void theFirstEqualsEndsTheName() {
    assertThat(split("a=b=c a= =x")).containsExactly("a -> b=c", "a -> ", "=x");
  }

  @Test
  void twoDashesEndTheLine() {
    assertThat(split("a=1 -- b=2")).containsExactly("a -> 1");
  }
}
