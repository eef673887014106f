package io.linkout.kernel.api.time;

import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.image.KernelData;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code jiffies}: guest memory that the tick writes while guest code runs, from another thread.
 */
public final class JiffiesVariable implements Runnable {
  private final MemorySegment host;
  private final GuestClock clock;

  /** Provides {@code jiffies} and {@code jiffies_64}, which are one. */
  public JiffiesVariable(KernelData data, GuestClock clock) {
    long address = data.variable("jiffies", Licence.ANY, 8);
    data.alias("jiffies_64", Licence.ANY, address, 8);
    this.host = data.host(address, 8);
    this.clock = clock;
    clock.onAdvance(this);
    run();
  }

  /** Writes the time as it is now; any thread. */
  @Override
  public void run() {
    host.set(ValueLayout.JAVA_LONG, 0, clock.jiffies());
  }
}
