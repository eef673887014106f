package io.linkout.kernel.api.life;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.cpu.Cpu;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.GuestOops;
import java.util.List;
import java.util.Optional;

/** Enters guest code, and afterwards runs what it asked to be run later and is due. */
public final class GuestCalls {
  /** Work that queues itself again must not keep the kernel for ever. */
  private static final int MOST_TASKS = 10_000;

  private final Cpu cpu;
  private final GuestModules modules;
  private final GuestStack stack;
  private final Agenda agenda;
  private final GuestClock clock;
  private final DeathReport deaths;
  private final CurrentContext context;
  private final Complaints complaints;
  private final long timeoutNanos;
  private long calls;
  private long oopses;
  private long softLockups;

  /**
   * @param timeoutNanos bounds each call
   */
  public GuestCalls(
      Cpu cpu,
      GuestModules modules,
      GuestStack stack,
      Agenda agenda,
      GuestClock clock,
      DeathReport deaths,
      CurrentContext context,
      Complaints complaints,
      long timeoutNanos) {
    this.cpu = cpu;
    this.modules = modules;
    this.stack = stack;
    this.agenda = agenda;
    this.clock = clock;
    this.deaths = deaths;
    this.context = context;
    this.complaints = complaints;
    this.timeoutNanos = timeoutNanos;
  }

  /**
   * Calls {@code function} for module {@code owner} (0: the kernel) as whoever asked for it, who is
   * called {@code command} if unknown.
   */
  CallResult call(long owner, String command, long function, long... arguments) {
    context.begin(command);
    CallResult result = enter(owner, function, arguments);
    runDue();
    return result;
  }

  /** Runs what is due by now. */
  void runDue() {
    for (int i = 0; i < MOST_TASKS; i++) {
      Optional<Agenda.Task> task = agenda.take(clock.nanos());
      if (task.isEmpty()) {
        return;
      }
      run(task.get());
    }
  }

  private void run(Agenda.Task task) {
    try {
      task.started().run();
    } catch (GuestOops e) {
      // What the kernel was to do itself cannot be done: there is no guest code to end.
      complaints.log(1, e.headline());
      return;
    }
    if (task.function() != 0) {
      long owner = modules.at(task.function()).map(GuestModule::loadId).orElse(0L);
      context.beginWorker();
      CallResult result = enter(owner, task.function(), new long[] {task.argument()});
      if (result instanceof CallResult.Returned(long rax)) {
        task.ended().accept(rax);
      }
    }
  }

  private CallResult enter(long owner, long function, long[] arguments) {
    modules.enter(owner);
    stack.clear();
    clock.show();
    calls++;
    CpuOutcome outcome = cpu.call(function, arguments, stack.top(), stack.guard(), timeoutNanos);
    CallResult result =
        switch (outcome) {
          case CpuOutcome.Returned(long rax) -> new CallResult.Returned(rax);
          case CpuOutcome.Died died -> died(died);
        };
    context.end(function, result instanceof CallResult.Returned);
    modules.enter(0);
    return result;
  }

  private CallResult died(CpuOutcome.Died died) {
    List<String> report = deaths.report(died);
    if (died.fault() instanceof CpuFault.SoftLockup) {
      softLockups++;
      return new CallResult.SoftLockup(report);
    }
    oopses++;
    return new CallResult.Oopsed(report);
  }

  /** Returns how many guest calls were started. */
  public long calls() {
    return calls;
  }

  /** Returns how many of them died. */
  public long oopses() {
    return oopses;
  }

  /** Returns how many of them ran past the limit. */
  public long softLockups() {
    return softLockups;
  }
}
