package io.linkout.kernel.api.oops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TableRegistryTest {
  private final TableRegistry registry = new TableRegistry();

  private static ModuleTables tables(long id, CodeRange... code) {
    return new ModuleTables(
        id, List.of(code), TableSpan.EMPTY, TableSpan.EMPTY, TableSpan.EMPTY, TableSpan.EMPTY);
  }

  private long at(long address) {
    ModuleTables found = registry.at(address);
    return found == null ? 0 : found.loadId();
  }

  @Test
  void addressesBelongToTheModuleWhoseCodeLiesThere() {
    registry.put(tables(1, new CodeRange(-0x1000, -0x800), new CodeRange(-0x400, -0x300)));
    registry.put(tables(2, new CodeRange(-0x700, -0x600)));
    assertThat(at(-0x1001)).isZero();
    assertThat(at(-0x1000)).isEqualTo(1);
    assertThat(at(-0x801)).isEqualTo(1);
    assertThat(at(-0x800)).isZero();
    assertThat(at(-0x700)).isEqualTo(2);
    assertThat(at(-0x3ff)).isEqualTo(1);
    registry.remove(1);
    assertThat(at(-0x1000)).isZero();
    assertThat(at(-0x700)).isEqualTo(2);
  }

  @Test
  void initCodeIsForgottenWhenItGoes() {
    registry.put(tables(1, new CodeRange(0x1000, 0x2000), new CodeRange(0x5000, 0x6000)));
    ModuleTables all = Objects.requireNonNull(registry.at(0x5000));
    registry.put(all.withCode(List.of(new CodeRange(0x1000, 0x2000))));
    registry.put(tables(2, new CodeRange(0x5000, 0x5800)));
    assertThat(at(0x5000)).isEqualTo(2);
    registry.remove(1);
    assertThat(at(0x5000)).isEqualTo(2);
    assertThat(at(0x1000)).isZero();
    registry.remove(7);
  }
}
