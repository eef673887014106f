package io.linkout.kernel.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.api.UnloadOutcome;
import io.linkout.kernel.testing.SymbolsIn;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Removal, in a kernel that keeps symbols and in one that keeps none. */
@ParameterizedClass
@EnumSource
class RemoverTest {
  private final ModuleBench bench;

  RemoverTest(SymbolsIn symbols) {
    bench = new ModuleBench(symbols);
  }

  private void busy(String name, boolean force, String why) {
    assertThatThrownBy(() -> bench.remover.remove(name, force, bench.outcomes))
        .isInstanceOfSatisfying(
            Refusal.class,
            r -> {
              assertThat(r.errno()).isEqualTo(Errno.EBUSY);
              assertThat(r.reason()).contains(why);
            });
  }

  private void remove(String name, boolean force) {
    bench.remover.remove(name, force, bench.outcomes);
    bench.cpu.runAll();
  }

  @Test
  void aModuleGoesWithEverythingItHad() {
    List<Long> before = bench.figures();
    bench.load("m", List.of("a", "b"));
    assertThat(bench.figures()).isNotEqualTo(before);
    remove("m", false);
    assertThat(bench.figures()).isEqualTo(before);
    assertThat(bench.modules.find("m")).isNull();
    assertThat(bench.outcomes.lines).containsExactly("live m", "removed, leaks 0");
  }

  @Test
  void leaksAreReported() {
    bench.load("m", List.of());
    bench.guest.onUnload(
        id -> new UnloadOutcome.Gone(List.of(new UnloadOutcome.Leak("kmalloc-64", 1, 64, 2))));
    remove("m", false);
    assertThat(bench.outcomes.lines).last().isEqualTo("removed, leaks 1");
  }

  @Test
  void oneThatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> bench.remover.remove("none", true, bench.outcomes))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void holdersKeepItEvenByForce() {
    LoadedModule base = bench.load("base", List.of());
    bench.load("user", List.of(), base);
    busy("base", false, "in use by: user");
    busy("base", true, "in use by: user");
    remove("user", false);
    remove("base", false);
    assertThat(bench.modules.count()).isZero();
  }

  @Test
  void pinsKeepItEvenByForce() {
    LoadedModule module = bench.load("m", List.of());
    module.pin();
    busy("m", false, "linking");
    busy("m", true, "linking");
    module.unpin();
    remove("m", false);
    assertThat(bench.modules.count()).isZero();
  }

  @Test
  void guestReferencesKeepItUnlessForced() {
    LoadedModule module = bench.load("m", List.of());
    bench.references.changed(module.loadId(), 1);
    assertThat(module.references()).isEqualTo(1);
    busy("m", false, "in use");
    remove("m", true);
    assertThat(bench.modules.count()).isZero();
    assertThat(bench.references.count(module.loadId())).isZero();
  }

  @Test
  void aReferenceTakenWhileTheRemovalWaitedKeepsIt() {
    LoadedModule module = bench.load("m", List.of("sym"));
    bench.remover.remove("m", false, bench.outcomes);
    assertThat(module.state()).isEqualTo(ModuleState.GOING);
    assertThat(bench.unlinkable("sym")).as("cannot be linked to any more").isTrue();
    bench.references.changed(module.loadId(), 1);
    bench.cpu.runAll();
    assertThat(bench.outcomes.lines).containsExactly("live m", "BUSY 16");
    assertThat(module.state()).isEqualTo(ModuleState.LIVE);
    assertThat(bench.linkable("sym")).isTrue();
    assertThat(bench.guest.journal()).containsExactly("load m");
  }

  @Test
  void aModuleWithoutExitIsPermanentUnlessForced() {
    Handle handle = bench.allocate();
    bench.activate(handle, Images.of("m", handle).exit(0).build());
    bench.cpu.runAll();
    busy("m", false, "permanent");
    remove("m", true);
    assertThat(bench.modules.count()).isZero();
  }

  @Test
  void aModuleWithoutInitAndExitIsNotPermanent() {
    Handle handle = bench.allocate();
    bench.activate(handle, Images.of("m", handle).init(0).exit(0).build());
    bench.cpu.runAll();
    remove("m", false);
    assertThat(bench.modules.count()).isZero();
  }

  @Test
  void oneWhoseExitDiedGoesByForceOnly() {
    List<Long> before = bench.figures();
    LoadedModule module = bench.load("m", List.of("sym"));
    bench.guest.onUnload(id -> new UnloadOutcome.Oopsed(List.of("BUG: exit")));
    remove("m", false);
    assertThat(bench.outcomes.lines).last().isEqualTo("OOPS 14");
    assertThat(module.state()).isEqualTo(ModuleState.GOING);
    assertThat(module.dead()).isTrue();
    assertThat(bench.unlinkable("sym")).isTrue();
    busy("m", false, "died in its exit");
    bench.guest.onUnload(id -> new UnloadOutcome.Gone(List.of()));
    remove("m", true);
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void oneWhoseExitBrokeTheKernelGoesByForceOnly() {
    List<Long> before = bench.figures();
    LoadedModule module = bench.load("m", List.of("sym"));
    bench.guest.onUnload(
        id -> {
          throw new IllegalStateException("bug");
        });
    remove("m", false);
    assertThat(bench.outcomes.lines).last().isEqualTo("INVALID 5");
    assertThat(module.state()).isEqualTo(ModuleState.GOING);
    assertThat(bench.unlinkable("sym")).isTrue();
    busy("m", false, "rmmod -f removes it");
    bench.guest.onUnload(id -> new UnloadOutcome.Gone(List.of()));
    remove("m", true);
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void forceDoesNotRemoveTwiceWhatIsBeingRemoved() {
    List<Long> before = bench.figures();
    LoadedModule module = bench.load("m", List.of("sym"));
    module.died(Death.CALL);
    bench.remover.remove("m", false, bench.outcomes);
    busy("m", true, "being loaded or removed");
    bench.cpu.runAll();
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void ofTwoForcedRemovalsOfAStuckModuleOneIsDone() {
    List<Long> before = bench.figures();
    bench.load("m", List.of("sym"));
    bench.guest.onUnload(id -> new UnloadOutcome.SoftLockup(List.of("watchdog: exit")));
    remove("m", false);
    bench.guest.onUnload(id -> new UnloadOutcome.Gone(List.of()));
    bench.remover.remove("m", true, bench.outcomes);
    busy("m", true, "being loaded or removed");
    bench.cpu.runAll();
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void aForcedRemovalCalledOffLeavesItStuck() {
    LoadedModule module = bench.load("m", List.of("sym"));
    bench.guest.onUnload(id -> new UnloadOutcome.Oopsed(List.of("BUG: exit")));
    remove("m", false);
    assertThat(bench.remover.remove("m", true, bench.outcomes).cancel()).isTrue();
    assertThat(module.stuck()).isTrue();
    assertThat(bench.unlinkable("sym")).isTrue();
    bench.guest.onUnload(id -> new UnloadOutcome.Gone(List.of()));
    remove("m", true);
    assertThat(bench.modules.count()).isZero();
  }

  @Test
  void aRemovalCalledOffBeforeExitLeavesItLive() {
    LoadedModule module = bench.load("m", List.of("sym"));
    PendingWork work = bench.remover.remove("m", false, bench.outcomes);
    busy("m", false, "being loaded or removed");
    assertThat(work.cancel()).isTrue();
    assertThat(module.state()).isEqualTo(ModuleState.LIVE);
    assertThat(bench.linkable("sym")).isTrue();
  }

  @Test
  void oneThatIsComingCannotGo() {
    Handle handle = bench.allocate();
    bench.activate(handle, Images.of("m", handle).build());
    busy("m", true, "being loaded or removed");
  }

  @Test
  void aFullQueueLeavesItLive() {
    LoadedModule module = bench.load("m", List.of("sym"));
    bench.cpu.bound(0);
    assertThatThrownBy(() -> bench.remover.remove("m", false, bench.outcomes))
        .isInstanceOf(Refusal.class);
    assertThat(module.state()).isEqualTo(ModuleState.LIVE);
    assertThat(bench.linkable("sym")).isTrue();
  }
}
