package io.linkout.kernel.module;

import io.linkout.kernel.api.GuestReferences;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * References that guest code holds on modules, as the CPU thread knows them. The event loop is told
 * of each change and has its own count for lists and early refusals; but only this one is exact at
 * the moment a removal begins, since a call that was queued before it may have taken a reference
 * that the event loop has not heard of. Confined to the CPU thread.
 */
public final class GuestReferenceCounts implements GuestReferences {
  private final Map<Long, Integer> counts = new HashMap<>();
  private final Executor eventLoop;
  private final GuestReferences changed;

  /** Counts, and tells {@code changed} on {@code eventLoop}. */
  public GuestReferenceCounts(Executor eventLoop, GuestReferences changed) {
    this.eventLoop = eventLoop;
    this.changed = changed;
  }

  @Override
  public void changed(long loadId, int delta) {
    counts.merge(loadId, delta, (a, b) -> a + b == 0 ? null : a + b);
    eventLoop.execute(() -> changed.changed(loadId, delta));
  }

  /** Returns how many references guest code holds on that module. */
  public int count(long loadId) {
    return counts.getOrDefault(loadId, 0);
  }

  /** The module is gone, and what was counted with it. */
  void forget(long loadId) {
    counts.remove(loadId);
  }
}
