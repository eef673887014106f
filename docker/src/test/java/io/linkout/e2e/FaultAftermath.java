package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.e2e.FaultScenario.Loaded;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.ModuleState;
import io.linkout.proto.wire.Remove;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.StatsReply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold in a kernel after whatever happened to a client in a scenario. */
final class FaultAftermath {
  private final Onlooker onlooker;
  private final Path socket;
  private final FaultScenario scenario;
  private List<Module> bystanders;
  private final Map<String, Long> nine;

  /** Takes the kernel's figures; none of the scenario's modules is there now. */
  FaultAftermath(Onlooker onlooker, Path socket, FaultScenario scenario) {
    this.onlooker = onlooker;
    this.socket = socket;
    this.scenario = scenario;
    this.bystanders = onlooker.modules();
    this.nine = onlooker.nine();
    assertThat(bystanders)
        .allSatisfy(
            bystander -> {
              assertThat(bystander.getName()).isNotIn(names());
              assertThat(bystander.getReferences()).isZero();
            });
    assertThat(nine).containsEntry("handles", 0L);
  }

  /**
   * Waits until no session is left but the onlooker's, and no init or exit runs; then checks that
   * each module is there as a whole or not at all, removes those that are, and checks that all that
   * was taken for them is gone: memory, symbols, references to other modules.
   *
   * @return the names of the scenario's modules that were there
   */
  List<String> check() {
    List<String> live = awaitSettled();
    for (Loaded module : scenario.modules().reversed()) {
      if (live.contains(module.name())) {
        assertThat(known()).as("exports of live modules").isNotEmpty();
        remove(module.name());
      }
    }
    assertThat(known()).as("symbols of modules that are not there").isEmpty();
    assertThat(onlooker.modules()).as("bystanders, with references").isEqualTo(bystanders);
    assertThat(onlooker.nine()).isEqualTo(nine);
    return live;
  }

  /**
   * Loads and removes the scenario's modules: they are as they would be had nothing happened. So
   * are the bystanders: nobody holds them.
   */
  void checkReload() {
    for (Module bystander : bystanders) {
      remove(bystander.getName());
    }
    FaultScenario.load(socket, scenario.bystanders());
    bystanders = onlooker.modules();
    scenario.load(socket);
    assertThat(awaitSettled()).hasSameSizeAs(scenario.modules());
    assertThat(known()).isEqualTo(scenario.exports());
    check();
  }

  /** Returns the names of the scenario's modules that are there, once nothing moves any more. */
  List<String> awaitSettled() {
    for (int i = 0; i < 10_000; i++) {
      StatsReply stats = onlooker.stats();
      List<Module> modules = onlooker.modules();
      if (stats.getSessions() == 0
          && modules.stream().allMatch(m -> m.getState() == ModuleState.STATE_LIVE)) {
        return scenarios(modules);
      }
      Daemon.pause(1);
    }
    throw new AssertionError(
        "what was left does not go: " + onlooker.sessions() + onlooker.modules());
  }

  /** Waits until no init or exit runs. */
  void awaitNoneMoving() {
    for (int i = 0; i < 10_000; i++) {
      if (onlooker.modules().stream().noneMatch(FaultAftermath::moves)) {
        return;
      }
      Daemon.pause(1);
    }
    throw new AssertionError("it does not end: " + onlooker.modules());
  }

  private static boolean moves(Module module) {
    return module.getState() == ModuleState.STATE_COMING
        || module.getState() == ModuleState.STATE_GOING;
  }

  private List<String> scenarios(List<Module> modules) {
    List<String> present = new ArrayList<>(modules.stream().map(Module::getName).toList());
    assertThat(present).doesNotHaveDuplicates();
    for (Module bystander : bystanders) {
      assertThat(present.remove(bystander.getName())).as("%s", bystander).isTrue();
    }
    assertThat(present).isSubsetOf(names());
    return present;
  }

  private List<String> names() {
    return scenario.modules().stream().map(Loaded::name).toList();
  }

  /** Returns which of the scenario's exports are known. */
  private List<String> known() {
    Set<String> known = KnownSymbols.owners(onlooker, socket, scenario.exports()).keySet();
    return scenario.exports().stream().filter(known::contains).toList();
  }

  private void remove(String module) {
    onlooker.ask(Request.newBuilder().setRemove(Remove.newBuilder().setName(module)).build());
  }
}
