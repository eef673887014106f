package io.linkout.kernel;

import io.linkout.kernel.api.CallOutcome;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.GuestCounters;
import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.api.MappedRegion;
import io.linkout.kernel.api.UnloadOutcome;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.module.GuestReferenceCounts;
import io.linkout.kernel.server.KernelIdentity;
import java.util.List;
import java.util.UUID;

/** A kernel without a CPU: everything but running code. Until the guest side is there. */
final class PlainGuest implements Daemon.GuestMaker, GuestKernel {
  private static final int ENOSYS = 38;
  private final DaemonOptions options;

  PlainGuest(DaemonOptions options) {
    this.options = options;
  }

  @Override
  public Daemon.Guest make(Kmsg kmsg, GuestReferenceCounts references) {
    return new Daemon.Guest(
        this,
        new KernelIdentity(
            "6.1.0-linkout",
            "6.1.0-linkout SMP preempt mod_unload ",
            "00".repeat(20),
            UUID.randomUUID().toString(),
            System.currentTimeMillis() * 1000,
            options.clientDirectory(),
            "",
            "",
            List.of(),
            0,
            false));
  }

  @Override
  public List<KernelExport> exports() {
    return List.of();
  }

  @Override
  public int[] features() {
    return new int[0];
  }

  @Override
  public LoadOutcome load(LoadImage image) {
    return new LoadOutcome.Rejected(ENOSYS, "this kernel has no CPU");
  }

  @Override
  public UnloadOutcome unload(long loadId, boolean force) {
    throw new IllegalStateException("nothing was loaded");
  }

  @Override
  public CallOutcome call(CallRequest request) {
    return new CallOutcome.NotCallable("this kernel has no CPU");
  }

  @Override
  public List<MappedRegion> memoryMap() {
    return List.of();
  }

  @Override
  public GuestCounters counters() {
    return new GuestCounters(0, 0, 0, 0, 0, 0, "");
  }

  @Override
  public void interrupt() {}

  @Override
  public void close() {}
}
