package io.linkout.kernel.kmsg;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * The kernel log. Any thread may write and read. A follower is woken, never queued to: it reads
 * what it has not seen, from the ring, when it can.
 */
public final class Kmsg {
  private final LogRecord[] ring;
  private final LongSupplier micros;
  private final CopyOnWriteArrayList<Runnable> followers = new CopyOnWriteArrayList<>();
  private long next;
  private long cleared;

  /** A log of at most {@code capacity} records, stamped by {@code micros} since boot. */
  public Kmsg(int capacity, LongSupplier micros) {
    this.ring = new LogRecord[capacity];
    this.micros = micros;
  }

  /**
   * Appends a record of facility kern for each line of {@code text}; a trailing newline ends the
   * last.
   */
  public void log(int level, String text) {
    String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    synchronized (this) {
      for (String line : body.split("\n", -1)) {
        ring[(int) (next % ring.length)] = new LogRecord(next, level, 0, micros.getAsLong(), line);
        next++;
      }
    }
    followers.forEach(Runnable::run);
  }

  /**
   * Returns at most {@code limit} records from sequence {@code from} on that are neither lost nor
   * cleared.
   */
  public synchronized List<LogRecord> read(long from, int limit) {
    long first = Math.max(Math.max(from, cleared), next - ring.length);
    java.util.ArrayList<LogRecord> records = new java.util.ArrayList<>();
    for (long s = Math.max(first, 0); s < next && records.size() < limit; s++) {
      records.add(ring[(int) (s % ring.length)]);
    }
    return records;
  }

  /** Hides all records so far from later reads. */
  public synchronized void clear() {
    cleared = next;
  }

  /** Returns the sequence number the next record will have. */
  public synchronized long end() {
    return next;
  }

  /** Runs {@code wake} after each record, on the writing thread: it must only post a message. */
  public void follow(Runnable wake) {
    followers.add(wake);
  }

  /** Undoes {@link #follow}. */
  public void unfollow(Runnable wake) {
    followers.remove(wake);
  }
}
