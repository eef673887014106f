package io.linkout.kernel.module;

import io.linkout.kernel.api.Caller;
import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.UnloadOutcome;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes modules out, by the rules of delete_module(2) (kernel/module/main.c, 6.1): never while
 * another module or a connection that is linking holds it; not while guest code holds a reference
 * or if it has no exit, unless forced; and one whose exit died only if forced.
 */
public final class Remover {
  private static final Logger LOG = LoggerFactory.getLogger(Remover.class);

  /** Who waits for a removal; called on the event loop, one of the two, once. */
  public interface Waiter extends Asker {
    /** It is gone; {@code leaks} is what it had left behind. */
    void removed(List<UnloadOutcome.Leak> leaks);

    /** It is still there. */
    void refused(Refusal reason);
  }

  private final ModuleTable modules;
  private final HandleTable handles;
  private final CpuQueue cpu;
  private final GuestKernel guest;
  private final GuestReferenceCounts references;

  /** A remover from {@code modules}; {@code references} is asked on the CPU thread. */
  public Remover(
      ModuleTable modules,
      HandleTable handles,
      CpuQueue cpu,
      GuestKernel guest,
      GuestReferenceCounts references) {
    this.modules = modules;
    this.handles = handles;
    this.cpu = cpu;
    this.guest = guest;
    this.references = references;
  }

  /**
   * Withdraws a module's exports and queues its exit.
   *
   * @return a way to call it off as long as exit has not begun
   * @throws Refusal if it may not go
   */
  public PendingWork remove(String name, boolean force, Waiter waiter) {
    LoadedModule module = modules.find(name);
    if (module == null) {
      throw Refusal.notFound("module " + name + " is not loaded");
    }
    check(module, force);
    boolean wasLive = module.state() == ModuleState.LIVE;
    Caller caller = waiter.caller();
    // Empty: a reference was taken by the time the CPU got here.
    CpuJob<Optional<UnloadOutcome>> job =
        cpu.submit(
            () -> unload(module, force, caller), end -> finish(module, end, wasLive, waiter));
    module.leaving(true);
    if (wasLive) {
      modules.withdraw(module);
    }
    return () -> {
      boolean cancelled = cpu.cancel(job);
      if (cancelled) {
        stay(module, wasLive);
      }
      return cancelled;
    };
  }

  /** The removal came to nothing, exit did not run: the module is what it was. */
  private void stay(LoadedModule module, boolean wasLive) {
    module.leaving(false);
    if (wasLive) {
      modules.publish(module);
    }
  }

  private Optional<UnloadOutcome> unload(LoadedModule module, boolean force, Caller caller) {
    if (!force && references.count(module.loadId()) > 0) {
      return Optional.empty();
    }
    guest.onBehalfOf(caller);
    UnloadOutcome outcome = guest.unload(module.loadId());
    if (outcome instanceof UnloadOutcome.Gone) {
      references.forget(module.loadId());
    }
    return Optional.of(outcome);
  }

  private void finish(
      LoadedModule module,
      CpuJob.End<Optional<UnloadOutcome>> end,
      boolean wasLive,
      Waiter waiter) {
    switch (end) {
      case CpuJob.End.Done<Optional<UnloadOutcome>>(Optional<UnloadOutcome> outcome) -> {
        if (outcome.isPresent()) {
          conclude(module, outcome.get(), waiter);
        } else {
          stay(module, wasLive);
          waiter.refused(inUse(module));
        }
      }
      case CpuJob.End.Broken<Optional<UnloadOutcome>>(Throwable cause) -> {
        LOG.error("removing {} broke the CPU thread's work", module.name(), cause);
        strand(module);
        waiter.refused(
            Refusal.invalid(
                Errno.EIO, "module " + module.name() + ": the kernel itself failed; see its log"));
      }
    }
  }

  /** What its code has done by now is not known: it stays, going, until forced out. */
  private static void strand(LoadedModule module) {
    module.leaving(false);
    module.died(Death.EXIT);
  }

  private void conclude(LoadedModule module, UnloadOutcome outcome, Waiter waiter) {
    switch (outcome) {
      case UnloadOutcome.Gone(List<UnloadOutcome.Leak> leaks) -> {
        modules.remove(module);
        handles.freeModule(module.memory());
        waiter.removed(leaks);
      }
      case UnloadOutcome.Oopsed(List<String> report) -> {
        strand(module);
        waiter.refused(
            new Refusal(
                Refusal.Kind.OOPS,
                Errno.EFAULT,
                "oops in exit of module " + module.name(),
                report));
      }
      case UnloadOutcome.SoftLockup(List<String> report) -> {
        strand(module);
        waiter.refused(
            new Refusal(
                Refusal.Kind.SOFT_LOCKUP,
                Errno.ETIMEDOUT,
                "exit of module " + module.name() + " ran past its time limit",
                report));
      }
    }
  }

  private static void check(LoadedModule module, boolean force) {
    if (!module.holders().isEmpty()) {
      throw Refusal.busy(
          "module %s is in use by: %s"
              .formatted(
                  module.name(),
                  String.join(" ", module.holders().stream().map(LoadedModule::name).toList())));
    }
    if (module.state() != ModuleState.LIVE && !(module.stuck() && force)) {
      Death death = module.death();
      throw Refusal.busy(
          module.stuck() && death != null
              ? "module %s is going and stays, %s: rmmod -f removes it"
                  .formatted(module.name(), death.words())
              : "module " + module.name() + " is being loaded or removed");
    }
    if (module.pins() > 0) {
      throw Refusal.busy(
          "module %s is held by %d connections that are linking to it"
              .formatted(module.name(), module.pins()));
    }
    if (force) {
      return;
    }
    if (module.permanent()) {
      throw Refusal.busy("module " + module.name() + " has no exit: it is permanent");
    }
    if (module.guestReferences() > 0) {
      throw inUse(module);
    }
  }

  private static Refusal inUse(LoadedModule module) {
    return Refusal.busy("module " + module.name() + " is in use");
  }
}
