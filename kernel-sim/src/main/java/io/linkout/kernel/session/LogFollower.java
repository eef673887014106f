package io.linkout.kernel.session;

import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.kmsg.LogRecord;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Follows the log for one session. It is woken by whoever writes to the log, at most once until it
 * has looked, and then reads from the ring what it has not seen: a client that does not keep up
 * loses records and costs no memory.
 */
final class LogFollower implements AutoCloseable {
  private static final int BATCH = 256;

  private final Kmsg kmsg;
  private final Replies replies;
  private final Runnable wake;
  private long next;

  /** Begins at record {@code from}; batches are sent on {@code eventLoop}. */
  LogFollower(Kmsg kmsg, Executor eventLoop, Replies replies, long from) {
    this.kmsg = kmsg;
    this.replies = replies;
    this.next = from;
    AtomicBoolean woken = new AtomicBoolean();
    this.wake =
        () -> {
          if (woken.compareAndSet(false, true)) {
            eventLoop.execute(
                () -> {
                  woken.set(false);
                  send();
                });
          }
        };
    kmsg.follow(wake);
  }

  /** Sends what there is, as far as the client takes it. */
  void send() {
    while (!closed && replies.writable()) {
      List<LogRecord> records = kmsg.read(next, BATCH);
      if (records.isEmpty()) {
        return;
      }
      next = records.getLast().sequence() + 1;
      replies.send(new Reply.Log(records, false));
    }
  }

  private boolean closed;

  @Override
  public void close() {
    closed = true;
    kmsg.unfollow(wake);
  }
}
