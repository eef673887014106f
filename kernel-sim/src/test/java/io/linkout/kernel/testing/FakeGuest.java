package io.linkout.kernel.testing;

import io.linkout.kernel.api.CallOutcome;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.GuestCounters;
import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.api.MappedRegion;
import io.linkout.kernel.api.UnloadOutcome;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * A guest without a CPU: each load, unload and call ends as the test says. Holds the images of
 * loaded modules, and touches their memory as a mapping would.
 */
public final class FakeGuest implements GuestKernel {
  /** What the kernel itself exports. */
  public static final List<KernelExport> EXPORTS =
      List.of(
          export("gpl_thing", 0xffffffff81000020L, null, true),
          export("kfree", 0xffffffff81000010L, 0x11111111, false),
          export("printk", 0xffffffff81000000L, 0x22222222, false));

  private final Map<Long, LoadImage> loaded = new java.util.concurrent.ConcurrentSkipListMap<>();
  private final List<String> journal = new java.util.concurrent.CopyOnWriteArrayList<>();
  private volatile Function<LoadImage, LoadOutcome> onLoad = image -> new LoadOutcome.Live(0, 1);
  private volatile Function<Long, UnloadOutcome> onUnload = id -> new UnloadOutcome.Gone(List.of());
  private volatile Function<CallRequest, CallOutcome> onCall =
      call -> new CallOutcome.Returned(call.function(), List.of());
  private volatile CountDownLatch interrupted = new CountDownLatch(1);

  /** Says how loads end; runs on the CPU thread. */
  public void onLoad(Function<LoadImage, LoadOutcome> outcome) {
    onLoad = outcome;
  }

  /** Says how unloads end; runs on the CPU thread. */
  public void onUnload(Function<Long, UnloadOutcome> outcome) {
    onUnload = outcome;
  }

  /** Says how calls end; runs on the CPU thread. */
  public void onCall(Function<CallRequest, CallOutcome> outcome) {
    onCall = outcome;
  }

  /** Returns what was done, in order: "load NAME", "unload ID", "call ADDRESS". */
  public List<String> journal() {
    return List.copyOf(journal);
  }

  /** Blocks the CPU thread until {@link #interrupt}. */
  public void awaitInterrupt() {
    try {
      interrupted.await();
      interrupted = new CountDownLatch(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int[] features() {
    return new int[] {1, 2};
  }

  @Override
  public LoadOutcome load(LoadImage image) {
    journal.add("load " + image.name());
    loaded.put(image.loadId(), image);
    LoadOutcome outcome = onLoad.apply(image);
    // A mapping's memory must be there as long as this runs.
    image.segments().forEach(s -> s.host().set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
    if (!(outcome instanceof LoadOutcome.Live)) {
      loaded.remove(image.loadId());
    }
    return outcome;
  }

  @Override
  public UnloadOutcome unload(long loadId) {
    journal.add("unload " + loadId);
    LoadImage image = loaded.get(loadId);
    if (image == null) {
      return new UnloadOutcome.Gone(List.of());
    }
    image.segments().stream()
        .filter(s -> !s.kind().init())
        .forEach(s -> s.host().set(ValueLayout.JAVA_BYTE, 0, (byte) 2));
    UnloadOutcome outcome = onUnload.apply(loadId);
    if (outcome instanceof UnloadOutcome.Gone) {
      loaded.remove(loadId);
    }
    return outcome;
  }

  @Override
  public CallOutcome call(CallRequest request) {
    journal.add("call 0x" + Long.toHexString(request.function()));
    return onCall.apply(request);
  }

  @Override
  public List<MappedRegion> memoryMap() {
    return List.of(new MappedRegion(0xffffffff81000000L, 4096, "r-x", "kernel text", ""));
  }

  @Override
  public GuestCounters counters() {
    return new GuestCounters(1, 2, 3, 4, 5, 6, "O");
  }

  @Override
  public void interrupt() {
    interrupted.countDown();
  }

  @Override
  public void close() {}

  private static KernelExport export(
      String name, long address, @org.jspecify.annotations.Nullable Integer crc, boolean gpl) {
    return new KernelExport(name, address, crc, gpl, "", KernelExport.Behaviour.REAL);
  }
}
