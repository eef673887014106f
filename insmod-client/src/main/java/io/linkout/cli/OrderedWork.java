package io.linkout.cli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Many pieces of the same work, numbered from 0, done by all processors; what came of each is
 * handed over in order, by the caller's thread, as soon as those before it are done.
 *
 * @param <T> what comes of a piece
 */
final class OrderedWork<T> {
  /** Pieces done ahead of the one that is waited for, at most. */
  private static final int AHEAD = 1024;

  private final int count;
  private final AtomicInteger next = new AtomicInteger();
  private final @Nullable Object[] done;
  private @Nullable Throwable failure;
  private int taken;

  private OrderedWork(int count) {
    this.count = count;
    this.done = new Object[count];
  }

  /**
   * Does {@code count} pieces.
   *
   * @param threads how many may work at once; 1 does it all on the caller's thread
   * @param worker called once by each thread, for what only one thread may use
   * @throws RuntimeException what a piece threw: the rest is not done
   */
  static <T> void run(
      int count, int threads, Supplier<IntFunction<T>> worker, Consumer<T> receiver) {
    int helpers = Math.min(threads, count);
    if (helpers <= 1) {
      IntFunction<T> work = worker.get();
      for (int i = 0; i < count; i++) {
        receiver.accept(work.apply(i));
      }
      return;
    }
    OrderedWork<T> all = new OrderedWork<>(count);
    for (int i = 0; i < helpers; i++) {
      Thread thread = new Thread(() -> all.work(worker));
      thread.setDaemon(true);
      thread.start();
    }
    try {
      for (int i = 0; i < count; i++) {
        receiver.accept(all.take(i));
      }
    } finally {
      all.next.set(count);
    }
  }

  private void work(Supplier<IntFunction<T>> worker) {
    try {
      IntFunction<T> work = worker.get();
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        T result = work.apply(i);
        synchronized (this) {
          done[i] = result;
          if (i == taken) {
            notifyAll();
          }
          while (i - taken > AHEAD && failure == null) {
            wait();
          }
        }
      }
    } catch (RuntimeException | Error | InterruptedException e) {
      synchronized (this) {
        failure = failure == null ? e : failure;
        notifyAll();
      }
    }
  }

  @SuppressWarnings("unchecked") // only work() puts anything there
  private synchronized T take(int index) {
    taken = index;
    notifyAll();
    Object result = done[index];
    while (result == null) {
      if (failure instanceof Error e) {
        throw e;
      }
      if (failure != null) {
        throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      result = done[index];
    }
    done[index] = null;
    return (T) result;
  }
}
