package io.linkout.kernel.api.life;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.kmsg.Kmsg;
import java.util.function.Supplier;

/** Complaints into the kernel log. */
public final class KernelComplaints implements Complaints {
  private static final int WARNING = 4;

  /** Logs the call trace of a kernel function's caller. */
  @FunctionalInterface
  public interface Trace {
    /** Logs it at {@code level}. */
    void log(TrapFrame frame, int level);
  }

  private final Kmsg log;
  private final GuestNames names;
  private final Taints taints;
  private final Supplier<CurrentTask> task;
  private final Trace trace;

  /**
   * @param task who runs; asked for when something is to be told, not before
   */
  public KernelComplaints(
      Kmsg log, GuestNames names, Taints taints, Supplier<CurrentTask> task, Trace trace) {
    this.log = log;
    this.names = names;
    this.taints = taints;
    this.task = task;
    this.trace = trace;
  }

  @Override
  public void warn(TrapFrame frame, String place, String text) {
    log.log(WARNING, "------------[ cut here ]------------");
    if (!text.isEmpty()) {
      log.log(WARNING, text);
    }
    log.log(WARNING, "WARNING: CPU: 0 PID: " + task.get().pid() + " at " + place);
    trace.log(frame, WARNING);
    log.log(WARNING, "---[ end trace 0000000000000000 ]---");
    taints.add('W');
  }

  @Override
  public void log(int level, String text) {
    log.log(level, text);
  }

  @Override
  public String name(long address) {
    return names.text(address);
  }

  @Override
  public String tainted() {
    return taints.forOops();
  }
}
