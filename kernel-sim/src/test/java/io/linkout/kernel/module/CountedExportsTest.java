package io.linkout.kernel.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.testing.SymbolsIn;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Where the kernel keeps no symbols, clients compare exports: a module with exports does not go
 * live before they were compared with those of all that came earlier.
 */
class CountedExportsTest {
  private final ModuleBench bench = new ModuleBench(SymbolsIn.USERSPACE);

  private LoadedModule load(String name, int exports, long upTo) {
    Handle handle = bench.allocate();
    bench.activate(handle, Images.of(name, handle).counted(exports, upTo).build());
    bench.cpu.runAll();
    return Objects.requireNonNull(bench.modules.find(name));
  }

  private void assertStale(Handle handle, Activation facts) {
    List<Long> before = bench.figures();
    assertThatThrownBy(() -> bench.activate(handle, facts))
        .isInstanceOfSatisfying(
            Refusal.class,
            r -> {
              assertThat(r.kind()).isEqualTo(Refusal.Kind.STALE);
              assertThat(r.errno()).isEqualTo(Errno.ESTALE);
              assertThat(r.kind().closing()).isFalse();
            });
    assertThat(bench.figures()).isEqualTo(before);
    assertThat(bench.kmsg.read(0, 10)).as("no fault of the module's").isEmpty();
  }

  @Test
  void anExporterThatCameSinceMakesTheComparisonStale() {
    LoadedModule first = load("first", 2, 0);
    Handle handle = bench.allocate();
    assertStale(handle, Images.of("m", handle).counted(1, first.loadId() - 1).build());
    bench.activate(handle, Images.of("m", handle).counted(1, first.loadId()).build());
    bench.cpu.runAll();
    assertThat(bench.outcomes.lines).containsExactly("live first", "live m");
    assertThat(first.facts().exportCount()).isEqualTo(2);
  }

  @Test
  void soDoesOneThatIsComing() {
    Handle coming = bench.allocate();
    bench.activate(coming, Images.of("coming", coming).counted(1, 0).build());
    Handle handle = bench.allocate();
    assertStale(handle, Images.of("m", handle).counted(1, 0).build());
    bench.guest.onLoad(image -> new LoadOutcome.InitFailed(19));
    bench.cpu.runAll();
    bench.guest.onLoad(image -> new LoadOutcome.Live(0, 0));
    bench.activate(handle, Images.of("m", handle).counted(1, 0).build());
    bench.cpu.runAll();
    assertThat(bench.outcomes.lines).containsExactly("INIT_FAILED 19", "live m");
  }

  @Test
  void soDoesOneBehindOthersThatExportNothing() {
    load("exporter", 1, 0);
    load("plain", 0, 0);
    Handle handle = bench.allocate();
    assertStale(handle, Images.of("m", handle).counted(1, 0).build());
  }

  @Test
  void modulesWithoutExportsNeedNoComparison() {
    LoadedModule exporter = load("exporter", 1, 0);
    load("plain", 0, 0);
    load("another", 1, exporter.loadId());
    assertThat(bench.outcomes.refusals).isEmpty();
  }

  @Test
  void aNameThatIsTakenIsToldFirst() {
    load("twin", 1, 0);
    Handle handle = bench.allocate();
    assertThatThrownBy(
            () -> bench.activate(handle, Images.of("twin", handle).counted(1, 0).build()))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.errno()).isEqualTo(Errno.EEXIST));
  }

  @Test
  void aKernelWithSymbolsTakesNoMereNumber() {
    ModuleBench other = new ModuleBench();
    Handle handle = other.allocate();
    assertThatThrownBy(() -> other.activate(handle, Images.of("m", handle).counted(1, 0).build()))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.errno()).isEqualTo(Errno.EINVAL));
    assertThat(other.load("n", List.of("a", "b")).facts().exportCount()).isEqualTo(2);
  }
}
