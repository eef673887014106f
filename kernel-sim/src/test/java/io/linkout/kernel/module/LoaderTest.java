package io.linkout.kernel.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.testing.SymbolsIn;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Loading, in a kernel that keeps symbols and in one that keeps none. */
@ParameterizedClass
@EnumSource
class LoaderTest {
  private final ModuleBench bench;

  LoaderTest(SymbolsIn symbols) {
    bench = new ModuleBench(symbols);
  }

  @Test
  void aModuleIsLiveWithItsExportsAndWithoutItsInitSegments() {
    Handle handle = bench.allocate();
    long whole = bench.handles.handleBytes();
    long free = bench.handles.freeBytes();
    bench.activate(handle, bench.image("m", handle, "sym").build());
    LoadedModule module = java.util.Objects.requireNonNull(bench.modules.find("m"));
    assertThat(module.state()).isEqualTo(ModuleState.COMING);
    assertThat(bench.unlinkable("sym")).as("before it is live").isTrue();
    assertThat(bench.handles.count()).isEqualTo(1);
    bench.cpu.runAll();
    assertThat(bench.outcomes.lines).containsExactly("live m");
    assertThat(module.state()).isEqualTo(ModuleState.LIVE);
    assertThat(bench.linkable("sym")).isTrue();
    assertThat(bench.handles.count()).isZero();
    assertThat(bench.handles.handleBytes()).isZero();
    assertThat(bench.handles.moduleBytes()).as("init text is freed").isEqualTo(whole - 0x1000);
    assertThat(bench.handles.freeBytes()).isEqualTo(free + 0x2000);
    assertThat(module.segments()).hasSize(4);
    assertThat(module.coreBytes()).isEqualTo(0x1000 + 0x1000 + 0x2000);
  }

  @Test
  void everyOutcomeButLiveLeavesNothing() {
    List<Long> before = bench.figures();
    List<LoadOutcome> outcomes =
        List.of(
            new LoadOutcome.InitFailed(19),
            new LoadOutcome.ParameterFailed("p", 22),
            new LoadOutcome.Oopsed(List.of("BUG: x")),
            new LoadOutcome.SoftLockup(List.of("watchdog: y")),
            new LoadOutcome.Rejected(8, "no"));
    for (LoadOutcome outcome : outcomes) {
      bench.guest.onLoad(image -> outcome);
      Handle handle = bench.allocate();
      bench.activate(handle, bench.image("m", handle, "s").build());
      bench.cpu.runAll();
      assertThat(bench.figures()).isEqualTo(before);
      assertThat(bench.modules.find("m")).isNull();
    }
    assertThat(bench.outcomes.lines)
        .containsExactly(
            "INIT_FAILED 19", "PARAMETER 22", "OOPS 14", "SOFT_LOCKUP 110", "INVALID 8");
    assertThat(bench.outcomes.refusals.get(2).oops()).containsExactly("BUG: x");
  }

  @Test
  void ofTwoLoadsOfOneNameOneWins() {
    Handle first = bench.allocate();
    Handle second = bench.allocate();
    bench.activate(first, Images.of("twin", first).build());
    assertThatThrownBy(() -> bench.activate(second, Images.of("twin", second).build()))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.errno()).isEqualTo(Errno.EEXIST));
    bench.cpu.runAll();
    assertThatThrownBy(() -> bench.activate(second, Images.of("twin", second).build()))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.kind()).isEqualTo(Refusal.Kind.EXISTS));
    assertThat(bench.outcomes.lines).containsExactly("live twin");
  }

  @Test
  void dashesAndUnderscoresNameTheSameModule() {
    bench.load("a_b", List.of());
    Handle handle = bench.allocate();
    assertThatThrownBy(() -> bench.activate(handle, Images.of("a-b", handle).build()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("loaded already");
  }

  @Test
  void aLoadCalledOffBeforeInitLeavesNothing() {
    LoadedModule base = bench.load("base", List.of());
    List<Long> before = bench.figures();
    Handle handle = bench.allocate();
    PendingWork work =
        bench.activate(handle, Images.of("m", handle).uses(base.loadId()).build(), base);
    assertThat(base.holders()).hasSize(1);
    assertThat(work.cancel()).isTrue();
    assertThat(bench.figures()).isEqualTo(before);
    assertThat(base.holders()).isEmpty();
    assertThat(bench.cpu.waiting()).isZero();
    assertThat(bench.guest.journal()).containsExactly("load base");
  }

  @Test
  void aLoadThatBeganCannotBeCalledOff() {
    Handle handle = bench.allocate();
    PendingWork work = bench.activate(handle, Images.of("m", handle).build());
    Runnable deliver = bench.cpu.begin();
    assertThat(work.cancel()).isFalse();
    deliver.run();
    assertThat(bench.outcomes.lines).containsExactly("live m");
  }

  @Test
  void dependenciesAreHeldAndLoadIdsNeverReused() {
    LoadedModule base = bench.load("base", List.of("s"));
    LoadedModule one = bench.load("one", List.of(), base);
    LoadedModule two = bench.load("two", List.of(), base);
    assertThat(base.holders()).containsExactly(two, one);
    assertThat(base.references()).isEqualTo(2);
    bench.remover.remove("two", false, bench.outcomes);
    bench.cpu.runAll();
    LoadedModule again = bench.load("two", List.of(), base);
    assertThat(again.loadId()).isGreaterThan(two.loadId());
    assertThat(base.references()).isEqualTo(2);
  }

  @Test
  void aFullQueueLeavesTheHandleWithItsOwner() {
    bench.cpu.bound(0);
    Handle handle = bench.allocate();
    List<Long> before = bench.figures();
    assertThatThrownBy(() -> bench.activate(handle, Images.of("m", handle).build()))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.errno()).isEqualTo(Errno.EAGAIN));
    assertThat(bench.figures()).isEqualTo(before);
    assertThat(bench.modules.find("m")).isNull();
  }

  private void loadBreaking(String name) {
    bench.guest.onLoad(
        image -> {
          throw new IllegalStateException("bug");
        });
    Handle handle = bench.allocate();
    bench.activate(handle, bench.image(name, handle, "s").build());
    bench.cpu.runAll();
    bench.guest.onLoad(image -> new LoadOutcome.Live(0, 1));
  }

  @Test
  void aKernelThatBreaksInALoadTakesEverythingBack() {
    List<Long> before = bench.figures();
    loadBreaking("m");
    assertThat(bench.outcomes.lines).containsExactly("INVALID 5");
    assertThat(bench.figures()).isEqualTo(before);
    assertThat(bench.guest.journal()).containsExactly("load m", "unload 1");
    bench.load("m", List.of("s"));
  }

  @Test
  void oneThatCannotTakeItBackEitherKeepsTheModuleUntilForced() {
    LoadedModule base = bench.load("base", List.of());
    List<Long> before = bench.figures();
    bench.guest.onUnload(
        id -> {
          throw new IllegalStateException("again");
        });
    loadBreaking("m");
    LoadedModule stuck = java.util.Objects.requireNonNull(bench.modules.find("m"));
    assertThat(stuck.state()).isEqualTo(ModuleState.GOING);
    assertThat(stuck.dead()).isTrue();
    assertThat(bench.unlinkable("s")).isTrue();
    assertThat(bench.handles.count()).as("its memory is the module's").isZero();
    assertThatThrownBy(() -> bench.remover.remove("m", false, bench.outcomes))
        .hasMessageContaining("its load broke off: rmmod -f removes it");
    bench.remover.remove("m", true, bench.outcomes);
    bench.cpu.runAll();
    assertThat(stuck.stuck()).as("it broke again").isTrue();
    bench.guest.onUnload(id -> new io.linkout.kernel.api.UnloadOutcome.Gone(List.of()));
    bench.remover.remove("m", true, bench.outcomes);
    bench.cpu.runAll();
    assertThat(bench.figures()).isEqualTo(before);
    assertThat(base.state()).isEqualTo(ModuleState.LIVE);
    bench.load("m", List.of("s"));
  }
}
