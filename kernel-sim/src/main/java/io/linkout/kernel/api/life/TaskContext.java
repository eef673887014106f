package io.linkout.kernel.api.life;

import io.linkout.kernel.api.Caller;
import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.image.InterruptFlag;

/** Begins and ends calls as do_one_initcall of init/main.c does. */
public final class TaskContext implements CurrentContext {
  private static final int WARNING = 4;

  /** What Linux calls the first worker of the first CPU, and a pid that it may have there. */
  private static final String WORKER = "kworker/0:1";

  private static final int WORKER_PID = 8;
  private static final int FIRST_PID = 1;

  private final CurrentTask task;
  private final InterruptFlag interrupts;
  private final Complaints complaints;
  private Caller caller = Caller.UNKNOWN;

  /** A context of {@code task}. */
  public TaskContext(CurrentTask task, InterruptFlag interrupts, Complaints complaints) {
    this.task = task;
    this.interrupts = interrupts;
    this.complaints = complaints;
  }

  /** Says who asks for the calls that follow. */
  public void caller(Caller next) {
    caller = next;
  }

  @Override
  public void begin(String command) {
    begin(
        caller.pid() > 0 ? caller.pid() : FIRST_PID,
        caller.comm().isEmpty() ? command : caller.comm());
  }

  @Override
  public void beginWorker() {
    begin(WORKER_PID, WORKER);
  }

  private void begin(int pid, String name) {
    task.pid(pid);
    task.name(name);
    task.wakeUp();
  }

  @Override
  public void end(long function, boolean returned) {
    boolean imbalance = task.preemptCount() != 0;
    boolean disabled = !interrupts.enabled();
    task.atRest();
    interrupts.enable();
    if (returned && (imbalance || disabled)) {
      complaints.log(
          WARNING,
          "initcall "
              + complaints.name(function)
              + " returned with "
              + (imbalance ? "preemption imbalance " : "")
              + (disabled ? "disabled interrupts " : ""));
    }
  }
}
