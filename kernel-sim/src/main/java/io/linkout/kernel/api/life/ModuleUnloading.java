package io.linkout.kernel.api.life;

import io.linkout.kernel.api.UnloadOutcome;
import io.linkout.kernel.api.UnloadOutcome.Leak;
import java.util.List;

/** From a live module to none (delete_module and free_module of kernel/module/main.c). */
final class ModuleUnloading {
  private static final String COMMAND = "rmmod";

  private final ModuleLoading loading;
  private final ModuleStructure structure;
  private final GuestCalls calls;
  private final Reclaim reclaim;

  ModuleUnloading(
      ModuleLoading loading, ModuleStructure structure, GuestCalls calls, Reclaim reclaim) {
    this.loading = loading;
    this.structure = structure;
    this.calls = calls;
    this.reclaim = reclaim;
  }

  UnloadOutcome unload(GuestModule module) {
    boolean wasLive = module.state() == GuestModule.State.LIVE;
    module.state(GuestModule.State.GOING);
    structure.update(module);
    if (wasLive && module.image().exit() != 0) {
      CallResult result = calls.call(module.loadId(), COMMAND, module.image().exit());
      if (!(result instanceof CallResult.Returned)) {
        return result instanceof CallResult.SoftLockup(List<String> report)
            ? new UnloadOutcome.SoftLockup(report)
            : new UnloadOutcome.Oopsed(((CallResult.Oopsed) result).report());
      }
    }
    List<Leak> leaks = reclaim.from(module);
    reclaim.tell(module, leaks);
    loading.discard(module);
    return new UnloadOutcome.Gone(leaks);
  }
}
