package io.linkout.kernel.kmsg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The kernel log. Any thread may write and read. A follower is woken, never queued to: it reads
 * what it has not seen, from the ring, when it can.
 *
 * <p>As in {@code kernel/printk/printk.c}, a text without a newline at its end stays open: it can
 * be continued, and nobody sees it before it is ended by a newline or by another record.
 */
public final class Kmsg {
  /** Bytes kept by default: Debian's CONFIG_LOG_BUF_SHIFT of 17, doubled for Java's overhead. */
  private static final long DEFAULT_BYTES = 1L << 18;

  /** Bytes counted for each record beside its text. */
  private static final int RECORD_BYTES = 32;

  private final LogRecord[] ring;
  private final long capacityBytes;
  private final LongSupplier micros;
  private final CopyOnWriteArrayList<Runnable> followers = new CopyOnWriteArrayList<>();
  private @Nullable OpenRecord open;
  private long bytes;
  private long first;
  private long next;
  private long cleared;

  /** A log of at most {@code capacity} records, stamped by {@code micros} since boot. */
  public Kmsg(int capacity, LongSupplier micros) {
    this(capacity, Math.max(DEFAULT_BYTES, 128L * capacity), micros);
  }

  /**
   * A log of at most {@code capacity} records and {@code capacityBytes} bytes of text, stamped by
   * {@code micros} since boot. The newest record is kept however long it is.
   */
  public Kmsg(int capacity, long capacityBytes, LongSupplier micros) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity (" + capacity + ") must be positive");
    }
    this.ring = new LogRecord[capacity];
    this.capacityBytes = capacityBytes;
    this.micros = micros;
  }

  /**
   * Appends a record of facility kern for each line of {@code text}; a trailing newline ends the
   * last.
   */
  public void log(int level, String text) {
    String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    synchronized (this) {
      endOpen();
      addLines(level, 0, micros.getAsLong(), body);
    }
    wakeFollowers();
  }

  /**
   * Begins a record from guest bytes, ending the one that is still open.
   *
   * @param ended whether the text had a newline at its end, which {@code text} is without; if not,
   *     the record stays open
   */
  public void store(int facility, int level, byte[] text, boolean ended) {
    synchronized (this) {
      boolean hadOpen = open != null;
      endOpen();
      open = new OpenRecord(facility, level, micros.getAsLong(), text);
      if (ended) {
        endOpen();
      } else if (!hadOpen) {
        return;
      }
    }
    wakeFollowers();
  }

  /**
   * Continues the record that is open.
   *
   * @param ended as in {@link #store}
   * @param limit bytes the whole record may have, its end mark included
   * @return false if there is none, or it would grow beyond {@code limit}; nothing was done then
   */
  public boolean extend(byte[] text, boolean ended, int limit) {
    synchronized (this) {
      OpenRecord record = open;
      if (record == null || record.length + text.length + 1 > limit) {
        return false;
      }
      record.append(text);
      if (!ended) {
        return true;
      }
      endOpen();
    }
    wakeFollowers();
    return true;
  }

  /**
   * Returns at most {@code limit} records from sequence {@code from} on that are neither lost nor
   * cleared.
   */
  public synchronized List<LogRecord> read(long from, int limit) {
    List<LogRecord> records = new ArrayList<>();
    long start = Math.max(Math.max(from, cleared), first);
    for (long s = start; s < next && records.size() < limit; s++) {
      records.add(at(s));
    }
    return records;
  }

  /** Hides all records so far from later reads. */
  public synchronized void clear() {
    cleared = next;
  }

  /** Hides the records before sequence {@code end} from later reads, and nothing written since. */
  public synchronized void clear(long end) {
    cleared = Math.max(cleared, Math.min(end, next));
  }

  /** Returns the sequence number the next record will have. */
  public synchronized long end() {
    return next;
  }

  /**
   * Runs {@code wake} after each record, on the writing thread: it must only post a message. A
   * reader that was overrun sees a gap in the sequence numbers.
   */
  public void follow(Runnable wake) {
    followers.add(wake);
  }

  /** Undoes {@link #follow}. */
  public void unfollow(Runnable wake) {
    followers.remove(wake);
  }

  private void wakeFollowers() {
    followers.forEach(Runnable::run);
  }

  private void endOpen() {
    OpenRecord record = open;
    if (record != null) {
      open = null;
      addLines(record.level, record.facility, record.micros, record.text());
    }
  }

  private void addLines(int level, int facility, long stamp, String body) {
    for (String line : body.split("\n", -1)) {
      long size = (long) line.length() + RECORD_BYTES;
      while (first < next && (next - first == ring.length || bytes + size > capacityBytes)) {
        bytes -= at(first++).text().length() + RECORD_BYTES;
      }
      ring[(int) (next % ring.length)] = new LogRecord(next, level, facility, stamp, line);
      next++;
      bytes += size;
    }
  }

  private LogRecord at(long sequence) {
    return ring[(int) (sequence % ring.length)];
  }

  /** A record that can still be continued. */
  private static final class OpenRecord {
    private final int facility;
    private final int level;
    private final long micros;
    private byte[] text;
    private int length;

    OpenRecord(int facility, int level, long micros, byte[] text) {
      this.facility = facility;
      this.level = level;
      this.micros = micros;
      this.text = text.clone();
      this.length = text.length;
    }

    void append(byte[] more) {
      text = Arrays.copyOf(text, length + more.length);
      System.arraycopy(more, 0, text, length, more.length);
      length += more.length;
    }

    String text() {
      return LogText.decode(text);
    }
  }
}
