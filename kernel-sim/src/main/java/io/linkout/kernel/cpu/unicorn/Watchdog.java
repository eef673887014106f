package io.linkout.kernel.cpu.unicorn;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that ends guest calls which run too long, and that ticks while one runs. Unicorn's own
 * timeout starts a thread for each call; this one sleeps for ever when no call was made lately.
 *
 * <p>A request to stop can be lost if the run is just beginning: it is repeated until the CPU
 * thread has left the run. So one may also come late, into the next run: {@link #maybeStopped}
 * tells.
 */
final class Watchdog implements AutoCloseable {
  private static final long TICK_NANOS = 1_000_000;
  private static final long REPEAT_NANOS = 100_000;
  private static final int IDLE_TICKS = 50;

  private final Thread thread;
  private final Object engineLock = new Object();
  private Engine engine;

  private volatile boolean closed;
  private volatile boolean asleep;
  private volatile boolean calling;
  private volatile boolean running;
  private volatile boolean interrupted;
  private volatile long deadline;
  private final AtomicLong stopsBegun = new AtomicLong();
  private final AtomicLong stopsDone = new AtomicLong();
  private volatile Runnable tick = () -> {};

  /** A watchdog over runs of {@code engine}. */
  Watchdog(Engine engine) {
    this.engine = engine;
    this.thread = Thread.ofPlatform().daemon().name("linkout-watchdog").unstarted(this::keepWatch);
    thread.start();
  }

  /** Watches {@code successor} from now on; on return the old engine is not touched any more. */
  void watch(Engine successor) {
    synchronized (engineLock) {
      engine = successor;
    }
  }

  /** Says what to run on each tick, on this thread. */
  void onTick(Runnable action) {
    tick = action;
  }

  /** A call begins: it may take {@code nanos}. */
  void begin(long nanos) {
    interrupted = false;
    deadline = System.nanoTime() + nanos;
    calling = true;
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  /** The call is over. */
  void end() {
    calling = false;
  }

  /** The CPU thread is about to run guest code. Returns what {@link #maybeStopped} wants. */
  long entering() {
    long done = stopsDone.get();
    running = true;
    return done;
  }

  /** The CPU thread has left guest code. */
  void left() {
    running = false;
  }

  /** Returns true if the call is to end: out of time, or interrupted. */
  boolean expired() {
    return interrupted || System.nanoTime() - deadline > 0;
  }

  /** Returns true if a stop was asked for that may have hit the run entered with {@code done}. */
  boolean maybeStopped(long done) {
    return stopsBegun.get() > done;
  }

  /** Ends the call under way, if any. */
  void interrupt() {
    interrupted = true;
    LockSupport.unpark(thread);
  }

  /** Ends the thread; returns when it can no longer touch the engine. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    boolean wasInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepWatch() {
    int idle = 0;
    while (!closed) {
      if (calling) {
        idle = 0;
        tick.run();
        if (running && expired()) {
          stop();
          LockSupport.parkNanos(REPEAT_NANOS);
          continue;
        }
      } else if (++idle > IDLE_TICKS) {
        sleep();
        idle = 0;
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
  }

  private void sleep() {
    asleep = true;
    // Whoever begins a call either sees us asleep and wakes us, or began it before this check.
    while (!calling && !closed) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  private void stop() {
    stopsBegun.incrementAndGet();
    synchronized (engineLock) {
      engine.stop();
    }
    stopsDone.incrementAndGet();
  }
}
