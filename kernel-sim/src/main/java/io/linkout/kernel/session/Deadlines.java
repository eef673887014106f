package io.linkout.kernel.session;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How long one connection may keep the kernel waiting: for its Hello, for the rest of a frame, for
 * its taking of a reply. A connection that does none of these may stay for ever.
 */
public final class Deadlines {
  /** How long each may take. */
  public record Allowance(Duration hello, Duration frame, Duration reply) {
    /** 10 s for Hello, 30 s for a frame, 30 s for a reply. */
    public static final Allowance DEFAULT =
        new Allowance(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  /** What took too long. */
  public enum Missed {
    /** No Hello came. */
    HELLO,
    /** A frame was begun and not ended. */
    FRAME,
    /** A reply was not taken. */
    REPLY
  }

  private final Scheduler scheduler;
  private final Allowance allowance;
  private final Consumer<Missed> onMissed;
  private Scheduler.@Nullable Timer hello;
  private Scheduler.@Nullable Timer frame;
  private Scheduler.@Nullable Timer reply;
  private boolean stopped;

  /** Begins to wait for a Hello; {@code onMissed} is called at most once. */
  public Deadlines(Scheduler scheduler, Allowance allowance, Consumer<Missed> onMissed) {
    this.scheduler = scheduler;
    this.allowance = allowance;
    this.onMissed = onMissed;
    this.hello = start(allowance.hello(), Missed.HELLO);
  }

  /** Hello came. */
  public void greeted() {
    hello = stop(hello);
  }

  /** Part of a frame is there and more of it is wanted; time runs from the first such call on. */
  public void frameBegun() {
    if (frame == null) {
      frame = start(allowance.frame(), Missed.FRAME);
    }
  }

  /** The frame is there, or no more of it is wanted for now. */
  public void frameEnded() {
    frame = stop(frame);
  }

  /** Something was sent; time runs from the first such call since all was taken. */
  public void replySent() {
    if (reply == null) {
      reply = start(allowance.reply(), Missed.REPLY);
    }
  }

  /** Some of what was sent was taken; {@code all} of it or not. */
  public void replyTaken(boolean all) {
    reply = stop(reply);
    if (!all) {
      replySent();
    }
  }

  /** The connection is gone: nothing is called from here on. */
  public void stop() {
    stopped = true;
    hello = stop(hello);
    frame = stop(frame);
    reply = stop(reply);
  }

  private Scheduler.@Nullable Timer start(Duration delay, Missed missed) {
    if (stopped) {
      return null;
    }
    return scheduler.after(
        delay,
        () -> {
          if (!stopped) {
            stop();
            onMissed.accept(missed);
          }
        });
  }

  private static Scheduler.@Nullable Timer stop(Scheduler.@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
    return null;
  }
}
