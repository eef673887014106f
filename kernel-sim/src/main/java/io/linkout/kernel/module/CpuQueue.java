package io.linkout.kernel.module;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Work for the CPU thread, one at a time in order. What outcomes and messages posted by the work
 * change is changed on the event loop, in the order posted.
 */
public interface CpuQueue {
  /**
   * Queues {@code work}, whose outcome {@code deliver} is given on the event loop.
   *
   * @throws Refusal if the queue is full or closed
   */
  <T> CpuJob<T> submit(Supplier<T> work, Consumer<CpuJob.End<T>> deliver);

  /** Returns true if the job has not begun and now never will: it leaves the queue. */
  boolean cancel(CpuJob<?> job);
}
