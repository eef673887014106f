package io.linkout.kernel.server;

import io.linkout.proto.PollWindow;
import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Has the event loop look for events for a while before it goes to sleep, if they have come quickly
 * of late. Confined to the event loop.
 */
final class Polling implements SelectStrategy {
  private final PollWindow window;
  private final LongSupplier nanoTime;
  private boolean idle;
  private boolean slept;
  private long idleSince;

  Polling() {
    this(new PollWindow(), System::nanoTime);
  }

  Polling(PollWindow window, LongSupplier nanoTime) {
    this.window = window;
    this.nanoTime = nanoTime;
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // no order is relied on
  public int calculateStrategy(IntSupplier ready, boolean hasTasks) throws Exception {
    if (slept) {
      // What ended the sleep is dealt with already: nothing of this is called before.
      came(nanoTime.getAsLong());
    }
    if (hasTasks) {
      if (idle) {
        came(nanoTime.getAsLong());
      }
      return ready.get();
    }
    int events = window.nanos() > 0 ? ready.get() : 0;
    long now = nanoTime.getAsLong();
    if (!idle) {
      idle = true;
      idleSince = now;
    }
    if (events > 0) {
      came(now);
      return events;
    }
    if (now - idleSince < window.nanos()) {
      Thread.yield();
      return 0;
    }
    slept = true;
    return SELECT;
  }

  private void came(long now) {
    window.came(now - idleSince);
    idle = false;
    slept = false;
  }
}
