package io.linkout.kernel.module;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A queue whose jobs are run by the test, on its own thread. */
public final class ManualCpu implements CpuQueue {
  private final Deque<CpuJob<?>> jobs = new ArrayDeque<>();
  private int bound = Integer.MAX_VALUE;

  /** From here on at most {@code jobs} may wait. */
  public void bound(int jobs) {
    bound = jobs;
  }

  @Override
  public <T> CpuJob<T> submit(Supplier<T> work, Consumer<CpuJob.End<T>> deliver) {
    if (jobs.size() >= bound) {
      throw new Refusal(Refusal.Kind.BUSY, Errno.EAGAIN, "full");
    }
    CpuJob<T> job = new CpuJob<>(work, deliver);
    jobs.add(job);
    return job;
  }

  @Override
  public boolean cancel(CpuJob<?> job) {
    jobs.remove(job);
    return job.cancel();
  }

  /** Returns how many jobs wait. */
  public int waiting() {
    return jobs.size();
  }

  /** Does the next job and delivers its outcome. */
  public void runNext() {
    jobs.remove().run().run();
  }

  /** Does the next job; the caller delivers its outcome. */
  public Runnable begin() {
    return jobs.remove().run();
  }

  /** Does all jobs, those they cause included. */
  public void runAll() {
    while (!jobs.isEmpty()) {
      runNext();
    }
  }
}
