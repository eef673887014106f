package io.linkout.kernel.module;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A queue whose jobs are done on the caller's own thread, as a system call does its work. For
 * measurements: it lies in this package since only here a job can be made.
 */
public final class DirectCpu implements CpuQueue {
  private final Deque<CpuJob<?>> jobs = new ArrayDeque<>();

  @Override
  public <T> CpuJob<T> submit(Supplier<T> work, Consumer<CpuJob.End<T>> deliver) {
    CpuJob<T> job = new CpuJob<>(work, deliver);
    jobs.add(job);
    return job;
  }

  @Override
  public boolean cancel(CpuJob<?> job) {
    jobs.remove(job);
    return job.cancel();
  }

  /** Does all jobs, those they cause included. */
  public void work() {
    while (!jobs.isEmpty()) {
      jobs.remove().run().run();
    }
  }
}
