package io.linkout.kernel.module;

import io.linkout.kernel.api.CallOutcome;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.Caller;
import io.linkout.kernel.api.GuestKernel;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls functions of live modules and of the kernel on behalf of connections. */
public final class FunctionCaller {
  private static final Logger LOG = LoggerFactory.getLogger(FunctionCaller.class);

  /** Who waits for a call; called on the event loop, one of the two, once. */
  public interface Waiter extends Asker {
    /** It returned {@code result}; {@code buffers} are those asked back, in order. */
    void returned(long result, List<byte[]> buffers);

    /** It did not. */
    void refused(Refusal reason);
  }

  private final ModuleTable modules;
  private final CpuQueue cpu;
  private final GuestKernel guest;

  /** A caller of what {@code modules} knows. */
  public FunctionCaller(ModuleTable modules, CpuQueue cpu, GuestKernel guest) {
    this.modules = modules;
    this.cpu = cpu;
    this.guest = guest;
  }

  /**
   * Queues a call.
   *
   * @return a way to call it off as long as it has not begun
   * @throws Refusal if there is no such function, or the queue is full
   */
  public PendingWork call(CallRequest request, Waiter waiter) {
    if (request.loadId() != 0) {
      LoadedModule module = modules.find(request.loadId());
      if (module == null || module.state() != ModuleState.LIVE) {
        throw Refusal.notFound(
            "no live module has load id " + Long.toUnsignedString(request.loadId()));
      }
      if (!module.hasText(request.function())) {
        throw Refusal.invalid(
            Errno.EINVAL,
            "0x%x is not in the text of module %s".formatted(request.function(), module.name()));
      }
    }
    if (request.loadId() == 0 && modules.at(request.function()) != null) {
      // Else whether that module is live would not be asked.
      throw Refusal.notFound("no kernel function begins at 0x%016x".formatted(request.function()));
    }
    Caller caller = waiter.caller();
    CpuJob<CallOutcome> job =
        cpu.submit(() -> call(request, caller), end -> finish(request, end, waiter));
    return () -> cpu.cancel(job);
  }

  private CallOutcome call(CallRequest request, Caller caller) {
    guest.onBehalfOf(caller);
    return guest.call(request);
  }

  private void finish(CallRequest request, CpuJob.End<CallOutcome> end, Waiter waiter) {
    switch (end) {
      case CpuJob.End.Done<CallOutcome>(CallOutcome outcome) -> {
        switch (outcome) {
          case CallOutcome.Returned(long result, List<byte[]> buffers) ->
              waiter.returned(result, buffers);
          case CallOutcome.Oopsed(List<String> report) -> {
            died(request.loadId());
            waiter.refused(
                new Refusal(Refusal.Kind.OOPS, Errno.EFAULT, "oops in the call", report));
          }
          case CallOutcome.SoftLockup(List<String> report) -> {
            died(request.loadId());
            waiter.refused(
                new Refusal(
                    Refusal.Kind.SOFT_LOCKUP,
                    Errno.ETIMEDOUT,
                    "the call ran past its time limit",
                    report));
          }
          case CallOutcome.NoMemory() ->
              waiter.refused(Refusal.noMemory("no room for the call's buffers"));
          case CallOutcome.NotCallable(String reason) -> waiter.refused(Refusal.notFound(reason));
        }
      }
      case CpuJob.End.Broken<CallOutcome>(Throwable cause) -> {
        LOG.error("a call broke the CPU thread's work", cause);
        waiter.refused(
            Refusal.invalid(Errno.EIO, "the kernel itself failed in the call; see its log"));
      }
    }
  }

  private void died(long loadId) {
    LoadedModule module = modules.find(loadId);
    if (module != null) {
      module.died(Death.CALL);
    }
  }
}
