package io.linkout.kernel.api.time;

import io.linkout.kernel.cpu.TrapFrame;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Letting time pass inside a kernel function: what is due meanwhile runs, then the function
 * returns.
 */
public final class Sleep {
  private final GuestClock clock;
  private final Agenda agenda;

  /** Sleeps by {@code clock}, running {@code agenda}. */
  public Sleep(GuestClock clock, Agenda agenda) {
    this.clock = clock;
    this.agenda = agenda;
  }

  /**
   * Lets {@code nanos} pass.
   *
   * @return what the calling kernel function must return at once; {@code result} in the end
   */
  public long pass(TrapFrame frame, long nanos, long result) {
    return until(frame, clock.nanos() + Math.max(nanos, 0), result);
  }

  private long until(TrapFrame frame, long deadline, long result) {
    Optional<Agenda.Task> task = agenda.take(deadline);
    if (task.isEmpty()) {
      clock.advanceTo(deadline);
      return result;
    }
    return run(frame, task.get(), () -> until(frame, deadline, result));
  }

  /** What a wait ends in. */
  public enum End {
    /** What was waited for has come. */
    DONE,
    /** The deadline has passed. */
    TIMED_OUT,
    /** Nothing is left that could ever bring it. */
    HOPELESS
  }

  /** What to return, from how the wait ended. */
  @FunctionalInterface
  public interface Ended {
    /** Returns the kernel function's result. */
    long with(End end);
  }

  /**
   * Waits for {@code done}, at most until {@code deadline} nanoseconds since boot (or {@link
   * Long#MAX_VALUE}), running what is due.
   *
   * @return what the calling kernel function must return at once
   */
  public long await(TrapFrame frame, BooleanSupplier done, long deadline, Ended ended) {
    if (done.getAsBoolean()) {
      return ended.with(End.DONE);
    }
    OptionalLong due = agenda.nextDue();
    if (due.isPresent() && due.getAsLong() <= deadline) {
      Optional<Agenda.Task> task = agenda.take(due.getAsLong());
      return run(frame, task.orElseThrow(), () -> await(frame, done, deadline, ended));
    }
    if (deadline == Long.MAX_VALUE) {
      return ended.with(End.HOPELESS);
    }
    clock.advanceTo(deadline);
    return ended.with(End.TIMED_OUT);
  }

  /** Runs {@code task} on the caller's stack, and then {@code next}. */
  private long run(TrapFrame frame, Agenda.Task task, LongSupplier next) {
    clock.advanceTo(task.due());
    task.started().run();
    if (task.function() == 0) {
      return next.getAsLong();
    }
    frame.callGuest(
        task.function(),
        new long[] {task.argument()},
        rax -> {
          task.ended().accept(rax);
          return next.getAsLong();
        });
    return 0;
  }
}
