package io.linkout.kernel.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompressedExportTableTest {
  private final CompressedExportTable table =
      new CompressedExportTable(new AddressRegions(List.of()));

  @Test
  void findsByName() {
    table.add(List.of(symbol("b", 20, 0), symbol("a", 10, 0)));
    assertThat(address(table.find("a"))).isEqualTo(10);
    assertThat(address(table.find("b"))).isEqualTo(20);
    assertThat(table.find("c")).isNull();
  }

  @Test
  void listsInByteOrder() {
    table.add(
        List.of(symbol("_a", 1, 0), symbol("Z", 2, 0), symbol("a", 3, 0), symbol("a1", 4, 0)));
    table.add(List.of(symbol("Za", 5, 7)));
    assertThat(names(table.after(""))).containsExactly("Z", "Za", "_a", "a", "a1");
    assertThat(names(table.after("_a"))).containsExactly("a", "a1");
    assertThat(names(table.after("_b"))).containsExactly("a", "a1");
  }

  @Test
  void aModulesExportsComeAndGoAsOneStep() {
    table.add(List.of(symbol("kernel", 1, 0)));
    long bytes = table.bytes();
    table.add(List.of(symbol("x", 10, 7), symbol("y", 20, 7)));
    assertThat(table.size()).isEqualTo(3);
    assertThatThrownBy(() -> table.add(List.of(symbol("z", 1, 8), symbol("y", 2, 8))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("y");
    assertThatThrownBy(() -> table.add(List.of(symbol("q", 1, 8), symbol("q", 2, 8))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(names(table.after(""))).containsExactly("kernel", "x", "y");
    table.removeAll(7);
    assertThat(names(table.after(""))).containsExactly("kernel");
    assertThat(table.bytes()).isEqualTo(bytes).isPositive();
    table.removeAll(7);
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void namesTheNearestAtOrBelow() {
    table.add(
        List.of(
            symbol("low", 0xffffffff81000000L, 0),
            symbol("twin_b", 0xffffffff81000010L, 0),
            symbol("twin_a", 0xffffffff81000010L, 0),
            symbol("percpu", 0x40, 0),
            symbol("module", 0xffffffffa0000000L, 7)));
    assertThat(name(table.atOrBelow(0xffffffff81000000L, 0))).isEqualTo("low");
    assertThat(name(table.atOrBelow(0xffffffff8100000fL, 0))).isEqualTo("low");
    assertThat(name(table.atOrBelow(0xffffffff81000010L, 0))).isEqualTo("twin_a");
    assertThat(name(table.atOrBelow(-1, 0))).as("unsigned").isEqualTo("twin_a");
    assertThat(name(table.atOrBelow(0x41, 0))).isEqualTo("percpu");
    assertThat(table.atOrBelow(0x3f, 0)).isNull();
    assertThat(name(table.atOrBelow(-1, 7))).isEqualTo("module");
    assertThat(table.atOrBelow(0xffffffff81000010L, 7)).isNull();
    assertThat(table.atOrBelow(-1, 9)).isNull();
  }

  private static ExportedSymbol symbol(String name, long address, long owner) {
    return new ExportedSymbol(name, address, null, false, "", owner);
  }

  private static long address(@Nullable ExportedSymbol symbol) {
    return symbol == null ? -1 : symbol.address();
  }

  private static String name(@Nullable ExportedSymbol symbol) {
    return symbol == null ? "none" : symbol.name();
  }

  private static List<String> names(Iterator<ExportedSymbol> symbols) {
    List<String> names = new ArrayList<>();
    symbols.forEachRemaining(s -> names.add(s.name()));
    return names;
  }
}
