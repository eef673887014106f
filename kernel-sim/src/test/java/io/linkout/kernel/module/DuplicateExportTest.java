package io.linkout.kernel.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that are exported already, which a kernel with an export table refuses. */
class DuplicateExportTest {
  private final ModuleBench bench = new ModuleBench();

  @Test
  void aNameThatIsTakenIsWhatItIsToldBeforeExportsThatAre() {
    bench.load("twin", List.of("sym"));
    Handle handle = bench.allocate();
    Activation again =
        Images.of("twin", handle).export("sym", Images.address(handle, Images.TEXT)).build();
    assertThatThrownBy(() -> bench.activate(handle, again))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.errno()).isEqualTo(Errno.EEXIST));
    assertThat(bench.kmsg.end()).isZero();
  }

  @Test
  void anExportThatIsThereIsRefusedAndLogged() {
    bench.load("first", List.of("shared"));
    Handle handle = bench.allocate();
    long text = Images.address(handle, Images.TEXT);
    assertThatThrownBy(
            () -> bench.activate(handle, Images.of("m", handle).export("shared", text).build()))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.errno()).isEqualTo(Errno.ENOEXEC));
    assertThatThrownBy(
            () -> bench.activate(handle, Images.of("m", handle).export("kfree", text).build()))
        .isInstanceOf(Refusal.class);
    assertThatThrownBy(
            () ->
                bench.activate(
                    handle, Images.of("m", handle).export("own", text).export("own", text).build()))
        .isInstanceOf(Refusal.class);
    assertThat(bench.kmsg.read(0, 10))
        .extracting(r -> r.level() + " " + r.text())
        .containsExactly(
            "3 m: exports duplicate symbol shared (owned by first)",
            "3 m: exports duplicate symbol kfree (owned by kernel)",
            "3 m: exports duplicate symbol own (owned by m)");
  }

  @Test
  void anExportOfAModuleThatIsComingIsTaken() {
    Handle first = bench.allocate();
    Handle second = bench.allocate();
    bench.activate(
        first, Images.of("a", first).export("s", Images.address(first, Images.TEXT)).build());
    assertThatThrownBy(
            () ->
                bench.activate(
                    second,
                    Images.of("b", second)
                        .export("s", Images.address(second, Images.TEXT))
                        .build()))
        .hasMessageContaining("owned by a");
  }
}
