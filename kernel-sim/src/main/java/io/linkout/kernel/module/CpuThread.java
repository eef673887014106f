package io.linkout.kernel.module;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns the emulated CPU and everything guest code touches, with its bounded queue.
 */
public final class CpuThread implements CpuQueue {
  private final int bound;
  private final Executor eventLoop;
  private final Deque<CpuJob<?>> queue = new ArrayDeque<>();
  private final Thread thread;
  private boolean closed;

  /**
   * Starts the thread.
   *
   * @param bound how many jobs may wait, the one under way not counted
   * @param eventLoop where outcomes are delivered; must run what it is given in order
   */
  public CpuThread(int bound, Executor eventLoop) {
    this.bound = bound;
    this.eventLoop = eventLoop;
    this.thread = Thread.ofPlatform().name("cpu").daemon().start(this::work);
  }

  @Override
  public <T> CpuJob<T> submit(Supplier<T> work, Consumer<CpuJob.End<T>> deliver) {
    CpuJob<T> job = new CpuJob<>(work, deliver);
    synchronized (queue) {
      if (closed) {
        throw new Refusal(Refusal.Kind.STOPPING, Errno.ESHUTDOWN, "the kernel is going down");
      }
      if (queue.size() >= bound) {
        throw new Refusal(
            Refusal.Kind.BUSY, Errno.EAGAIN, "the CPU has " + bound + " jobs waiting already");
      }
      queue.add(job);
      queue.notifyAll();
    }
    return job;
  }

  @Override
  public boolean cancel(CpuJob<?> job) {
    if (!job.cancel()) {
      return false;
    }
    synchronized (queue) {
      queue.remove(job);
    }
    return true;
  }

  /**
   * Takes no more work and has {@code last} done on the thread after the job under way. Jobs that
   * have not begun are dropped without an outcome: cancel them before.
   */
  public void finish(Runnable last) {
    synchronized (queue) {
      if (!closed) {
        closed = true;
        queue.clear();
        queue.add(
            new CpuJob<>(
                () -> {
                  last.run();
                  return true;
                },
                end -> {}));
        queue.notifyAll();
      }
    }
  }

  /**
   * Waits for the end of the thread; {@link #finish} was called before.
   *
   * @return false if it has not ended within {@code time}
   * @throws InterruptedException if the waiting thread was interrupted
   */
  public boolean await(Duration time) throws InterruptedException {
    return thread.join(time);
  }

  private void work() {
    for (CpuJob<?> job = next(); job != null; job = next()) {
      eventLoop.execute(job.run());
    }
  }

  private @Nullable CpuJob<?> next() {
    synchronized (queue) {
      while (queue.isEmpty()) {
        if (closed) {
          return null;
        }
        try {
          queue.wait();
        } catch (InterruptedException e) {
          // No one has business interrupting this thread; work goes on until close.
        }
      }
      return queue.remove();
    }
  }
}
