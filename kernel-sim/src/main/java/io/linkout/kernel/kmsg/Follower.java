package io.linkout.kernel.kmsg;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One reader's place in the log. {@link #take} is for one thread; the wake-up runs on whichever
 * thread writes, at most once between two calls of {@link #take}.
 */
public final class Follower implements AutoCloseable {
  private final Kmsg log;
  private final Runnable hook;
  private final AtomicBoolean woken = new AtomicBoolean();
  private long position;
  private long lost;

  /**
   * Follows {@code log} from sequence number {@code from} on.
   *
   * @param wake must only post a message: it runs on the writing thread
   */
  public Follower(Kmsg log, long from, Runnable wake) {
    this.log = log;
    this.position = from;
    this.hook =
        () -> {
          if (woken.compareAndSet(false, true)) {
            wake.run();
          }
        };
    log.follow(hook);
  }

  /** Returns at most {@code limit} records not taken before, oldest first. */
  public List<LogRecord> take(int limit) {
    // Before reading: a record written meanwhile then wakes once too often rather than never.
    woken.set(false);
    long first = log.visible(position);
    List<LogRecord> records = log.read(first, limit);
    if (records.isEmpty()) {
      position = first;
      return records;
    }
    lost += Math.max(0, records.getFirst().sequence() - log.visible(first));
    position = records.getLast().sequence() + 1;
    return records;
  }

  /** Returns how many records were overwritten before this reader took them. */
  public long lost() {
    return lost;
  }

  /** Ends the wake-ups. */
  @Override
  public void close() {
    log.unfollow(hook);
  }
}
