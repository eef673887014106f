package io.linkout.kernel.module;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One piece of work for the CPU thread. It begins once or is cancelled, never both; its outcome is
 * delivered on the event loop.
 *
 * @param <T> the outcome
 */
public final class CpuJob<T> {
  private enum State {
    QUEUED,
    BEGUN,
    CANCELLED
  }

  /** How it ended, when it was not cancelled. */
  public sealed interface End<T> {
    /** It did its work. */
    record Done<T>(T outcome) implements End<T> {}

    /** It threw: a fault of this program, not of the guest's. */
    record Broken<T>(Throwable cause) implements End<T> {}
  }

  private final Supplier<T> work;
  private final Consumer<End<T>> deliver;
  private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);

  CpuJob(Supplier<T> work, Consumer<End<T>> deliver) {
    this.work = work;
    this.deliver = deliver;
  }

  /** Returns true if the work has not begun and now never will; nothing is delivered then. */
  boolean cancel() {
    return state.compareAndSet(State.QUEUED, State.CANCELLED);
  }

  /** Does the work unless it was cancelled; returns what remains to be done on the event loop. */
  Runnable run() {
    if (!state.compareAndSet(State.QUEUED, State.BEGUN)) {
      return () -> {};
    }
    End<T> end = result();
    return () -> deliver.accept(end);
  }

  private End<T> result() {
    try {
      return new End.Done<>(work.get());
    } catch (RuntimeException | Error e) {
      // Nothing the guest does may end the CPU thread; whoever waits must hear of it.
      return new End.Broken<>(e);
    }
  }
}
