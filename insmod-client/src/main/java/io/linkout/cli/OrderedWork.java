package io.linkout.cli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Many pieces of the same work, numbered from 0, done by all processors; what came of each is
 * handed over in order, by the caller's thread, soon after those before it are done.
 *
 * <p>Pieces are given out and handed over by the dozen: waking a thread for each would cost more
 * than some of them.
 *
 * @param <T> what comes of a piece
 */
final class OrderedWork<T> {
  private static final int BATCH = 12;

  /** Batches done ahead of the one that is waited for, at most. */
  private static final int AHEAD = 64;

  private final int count;
  private final AtomicInteger next = new AtomicInteger();
  private final @Nullable Object[] @Nullable [] done;
  private @Nullable Throwable failure;
  private int taken;

  private OrderedWork(int count) {
    this.count = count;
    this.done = new Object[(count + BATCH - 1) / BATCH][];
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
    if (threads <= 1 || count <= BATCH) {
      IntFunction<T> work = worker.get();
      for (int i = 0; i < count; i++) {
        receiver.accept(work.apply(i));
      }
      return;
    }
    OrderedWork<T> all = new OrderedWork<>(count);
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(() -> all.work(worker));
      thread.setDaemon(true);
      thread.start();
    }
    try {
      for (int batch = 0; batch < all.done.length; batch++) {
        all.take(batch, receiver);
      }
    } finally {
      all.next.set(all.done.length);
    }
  }

  private void work(Supplier<IntFunction<T>> worker) {
    try {
      IntFunction<T> work = worker.get();
      for (int batch = next.getAndIncrement();
          batch < done.length;
          batch = next.getAndIncrement()) {
        int from = batch * BATCH;
        @Nullable Object[] results = new Object[Math.min(BATCH, count - from)];
        for (int i = 0; i < results.length; i++) {
          results[i] = work.apply(from + i);
        }
        publish(batch, results);
      }
    } catch (RuntimeException | Error | InterruptedException e) {
      synchronized (this) {
        failure = failure == null ? e : failure;
        notifyAll();
      }
    }
  }

  private synchronized void publish(int batch, @Nullable Object[] results)
      throws InterruptedException {
    done[batch] = results;
    if (batch == taken) {
      notifyAll();
    }
    while (batch - taken > AHEAD && failure == null) {
      wait();
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // only work() puts anything there, and no null
  private void take(int batch, Consumer<T> receiver) {
    for (Object result : await(batch)) {
      receiver.accept((T) result);
    }
  }

  private synchronized @Nullable Object[] await(int batch) {
    taken = batch;
    if (batch % AHEAD == 0) {
      notifyAll();
    }
    @Nullable Object[] results = done[batch];
    while (results == null) {
      if (failure instanceof Error e) {
        throw e;
      }
      if (failure != null) {
        throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
      }
      try {
        notifyAll();
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      results = done[batch];
    }
    done[batch] = null;
    return results;
  }
}
