package io.linkout.kernel.api.life;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.image.InterruptFlag;

/** Begins and ends calls as do_one_initcall of init/main.c does. */
public final class TaskContext implements CurrentContext {
  private static final int WARNING = 4;

  private final CurrentTask task;
  private final InterruptFlag interrupts;
  private final Complaints complaints;

  /** A context of {@code task}. */
  public TaskContext(CurrentTask task, InterruptFlag interrupts, Complaints complaints) {
    this.task = task;
    this.interrupts = interrupts;
    this.complaints = complaints;
  }

  @Override
  public void begin(String command) {
    task.name(command);
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
