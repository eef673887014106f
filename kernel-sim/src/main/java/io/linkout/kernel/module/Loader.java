package io.linkout.kernel.module;

import io.linkout.kernel.api.Caller;
import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.api.oops.TableForms;
import io.linkout.kernel.kmsg.Kmsg;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes modules of handles. From the acceptance of an activation to its end the handle belongs to
 * the loader; at the end there is a live module or nothing.
 *
 * <p>A name is taken by the first activation that is accepted, so of two loads at once one fails,
 * with EEXIST, as does every later one until the first is gone.
 */
public final class Loader {
  private static final Logger LOG = LoggerFactory.getLogger(Loader.class);
  private static final int KERN_ERR = 3;
  private static final String BROKEN = "the kernel itself failed; see its log";

  /** Who waits for an activation; called on the event loop, one of the two, once. */
  public interface Waiter extends Asker {
    /** The module is live and can be linked to. */
    void live(LoadedModule module, long initResult, long totalNanos, long initNanos);

    /** Nothing of it remains. */
    void refused(Refusal reason);
  }

  private final ModuleTable modules;
  private final HandleTable handles;
  private final CpuQueue cpu;
  private final GuestKernel guest;
  private final Kmsg kmsg;
  private final LongSupplier nanoTime;
  private final TableForms forms;

  /** A loader into {@code modules} from {@code handles} by way of {@code guest}. */
  public Loader(
      ModuleTable modules,
      HandleTable handles,
      CpuQueue cpu,
      GuestKernel guest,
      Kmsg kmsg,
      LongSupplier nanoTime,
      TableForms forms) {
    this.forms = forms;
    this.modules = modules;
    this.handles = handles;
    this.cpu = cpu;
    this.guest = guest;
    this.kmsg = kmsg;
    this.nanoTime = nanoTime;
  }

  /**
   * Checks an activation and queues its init.
   *
   * @param pinned what the connection holds
   * @return a way to withdraw it as long as init has not begun
   * @throws Refusal if it cannot be; the handle is still the caller's then
   */
  public PendingWork activate(
      Handle handle, Activation facts, Set<LoadedModule> pinned, Waiter waiter) {
    long arrived = nanoTime.getAsLong();
    List<LoadedModule> dependencies;
    try {
      dependencies = new ActivationCheck(modules, handle, facts, pinned, forms).check();
    } catch (Refusal refusal) {
      if (refusal.kind() == Refusal.Kind.EXISTS && refusal.errno() == Errno.ENOEXEC) {
        kmsg.log(KERN_ERR, refusal.reason());
      }
      throw refusal;
    }
    LoadedModule module =
        new LoadedModule(
            modules.takeLoadId(),
            facts,
            handle.owner(),
            handle.memory(),
            dependencies,
            modules.exports());
    LoadImage image = image(module);
    Caller caller = waiter.caller();
    CpuJob<LoadOutcome> job =
        cpu.submit(() -> load(image, caller), end -> finish(handle, module, end, waiter, arrived));
    modules.addComing(module);
    handle.markActivating();
    return () -> {
      boolean cancelled = cpu.cancel(job);
      if (cancelled) {
        undo(handle, module);
      }
      return cancelled;
    };
  }

  /** On the CPU thread: loads, and if this program itself fails takes back what there is. */
  private LoadOutcome load(LoadImage image, Caller caller) {
    try {
      guest.onBehalfOf(caller);
      return guest.load(image);
    } catch (RuntimeException | Error fault) {
      try {
        guest.unload(image.loadId());
      } catch (RuntimeException | Error again) {
        fault.addSuppressed(again);
        throw fault;
      }
      LOG.error("loading {} broke; it was undone", image.name(), fault);
      return new LoadOutcome.Rejected(Errno.EIO, BROKEN);
    }
  }

  private void finish(
      Handle handle,
      LoadedModule module,
      CpuJob.End<LoadOutcome> end,
      Waiter waiter,
      long arrived) {
    switch (end) {
      case CpuJob.End.Done<LoadOutcome>(LoadOutcome outcome) -> {
        if (outcome instanceof LoadOutcome.Live(long initResult, long initNanos)) {
          handles.adopt(handle);
          modules.publish(module);
          waiter.live(module, initResult, nanoTime.getAsLong() - arrived, initNanos);
        } else {
          undo(handle, module);
          waiter.refused(refusal(module.name(), outcome));
        }
      }
      case CpuJob.End.Broken<LoadOutcome>(Throwable cause) -> {
        // What is still mapped is not known, so the memory stays with a module that never goes
        // live; whoever forces it out has that tried again.
        LOG.error("loading {} broke, and so did undoing it: it stays", module.name(), cause);
        handles.keep(handle);
        modules.strand(module);
        waiter.refused(refusal(module.name(), new LoadOutcome.Rejected(Errno.EIO, BROKEN)));
      }
    }
  }

  private void undo(Handle handle, LoadedModule module) {
    modules.remove(module);
    handles.free(handle);
  }

  private static Refusal refusal(String name, LoadOutcome outcome) {
    return switch (outcome) {
      case LoadOutcome.InitFailed(int errno) ->
          new Refusal(
              Refusal.Kind.INIT_FAILED,
              errno,
              "init of module %s returned -%s".formatted(name, Errno.name(errno)));
      case LoadOutcome.ParameterFailed(String parameter, int errno) ->
          new Refusal(
              Refusal.Kind.PARAMETER,
              errno,
              "parameter %s of module %s was refused with -%s"
                  .formatted(parameter, name, Errno.name(errno)));
      case LoadOutcome.Oopsed(List<String> report) ->
          new Refusal(Refusal.Kind.OOPS, Errno.EFAULT, "oops while loading module " + name, report);
      case LoadOutcome.SoftLockup(List<String> report) ->
          new Refusal(
              Refusal.Kind.SOFT_LOCKUP,
              Errno.ETIMEDOUT,
              "init of module " + name + " ran past its time limit",
              report);
      case LoadOutcome.Rejected(int errno, String reason) ->
          Refusal.invalid(errno, "module " + name + ": " + reason);
      case LoadOutcome.Live live -> throw new IllegalStateException("not a refusal: " + live);
    };
  }

  private static LoadImage image(LoadedModule module) {
    Activation facts = module.facts();
    return new LoadImage(
        module.loadId(),
        facts.name(),
        module.segments().stream()
            .map(s -> new LoadImage.Segment(s.kind(), s.address(), s.host()))
            .toList(),
        facts.init(),
        facts.exit(),
        facts.thisModule(),
        facts.thisModuleSize(),
        module.coreBytes(),
        facts.taints(),
        facts.path(),
        facts.buildId(),
        module.exports(),
        facts.tables(),
        facts.parameters(),
        facts.ignoredParameters());
  }
}
