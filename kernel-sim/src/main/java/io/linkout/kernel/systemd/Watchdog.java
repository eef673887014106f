package io.linkout.kernel.systemd;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a service manager that this process is well, as often as it wants to hear of it
 * (sd_watchdog_enabled(3)). Well means that the thread that serves clients still does: each time it
 * is given something to do, and only when that was done is the manager told. A daemon whose event
 * loop hangs is therefore restarted.
 *
 * <p>Has a thread of its own, since a send may have to wait for the manager.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  private final ServiceManager manager;
  private final Executor watched;
  private final Duration interval;
  private final Thread thread;

  private Watchdog(ServiceManager manager, Executor watched, Duration interval) {
    this.manager = manager;
    this.watched = watched;
    this.interval = interval;
    this.thread = Thread.ofPlatform().name("watchdog").daemon().unstarted(this::run);
  }

  /**
   * Starts telling {@code manager}, at twice the rate it asks for; it does not ask if {@code
   * WATCHDOG_USEC} is not set or {@code WATCHDOG_PID} is another process.
   *
   * @param watched runs things on the thread in question
   */
  public static Watchdog start(ServiceManager manager, Executor watched) {
    Duration patience = manager.watchdog();
    Watchdog watchdog = new Watchdog(manager, watched, patience.dividedBy(2));
    if (!patience.isZero()) {
      watchdog.thread.start();
    }
    return watchdog;
  }

  private void run() {
    try {
      while (true) {
        CountDownLatch alive = new CountDownLatch(1);
        watched.execute(alive::countDown);
        // However long that takes: no word to the manager before.
        alive.await();
        try {
          manager.alive();
        } catch (IOException e) {
          LOG.warn("the service manager cannot be told: {}", e.toString());
        }
        TimeUnit.NANOSECONDS.sleep(interval.toNanos());
      }
    } catch (InterruptedException | java.util.concurrent.RejectedExecutionException e) {
      // The daemon stops.
      LOG.trace("the watchdog is off", e);
    }
  }

  /** Says nothing any more. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
