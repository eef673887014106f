package io.linkout.kernel.module;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A queue that does its jobs at once on the caller's thread, as a system call would. For
 * measurements: it lies in this package since only here a job can be made.
 */
public final class DirectCpu implements CpuQueue {
  @Override
  public <T> CpuJob<T> submit(Supplier<T> work, Consumer<CpuJob.End<T>> deliver) {
    CpuJob<T> job = new CpuJob<>(work, deliver);
    job.run().run();
    return job;
  }

  @Override
  public boolean cancel(CpuJob<?> job) {
    return job.cancel();
  }
}
