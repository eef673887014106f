package io.linkout.kernel.api;

import io.linkout.kernel.api.heap.GuestHeap;
import io.linkout.kernel.api.life.GuestCalls;
import io.linkout.kernel.api.life.ModuleLife;
import io.linkout.kernel.api.life.Taints;
import io.linkout.kernel.api.life.TaskContext;
import io.linkout.kernel.cpu.Cpu;
import io.linkout.kernel.cpu.GuestMemory;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** A kernel that runs, as the module table sees it. */
final class BootedKernel implements GuestKernel {
  private final Cpu cpu;
  private final Arena arena;
  private final int[] features;
  private final ModuleLife life;
  private final GuestCalls calls;
  private final GuestHeap heap;
  private final Registrations registrations;
  private final Taints taints;
  private final TaskContext context;
  private volatile GuestCounters counters = new GuestCounters(0, 0, 0, 0, 0, 0, "");

  BootedKernel(
      Cpu cpu,
      Arena arena,
      int[] features,
      ModuleLife life,
      GuestCalls calls,
      GuestHeap heap,
      Registrations registrations,
      Taints taints,
      TaskContext context) {
    this.cpu = cpu;
    this.arena = arena;
    this.features = features;
    this.life = life;
    this.calls = calls;
    this.heap = heap;
    this.registrations = registrations;
    this.taints = taints;
    this.context = context;
  }

  @Override
  public int[] features() {
    return features.clone();
  }

  @Override
  public void onBehalfOf(Caller caller) {
    context.caller(caller);
  }

  @Override
  public LoadOutcome load(LoadImage image) {
    try {
      return life.load(image);
    } finally {
      publish();
    }
  }

  @Override
  public UnloadOutcome unload(long loadId) {
    try {
      return life.unload(loadId);
    } finally {
      publish();
    }
  }

  @Override
  public CallOutcome call(CallRequest request) {
    try {
      return life.call(request);
    } finally {
      publish();
    }
  }

  @Override
  public List<MappedRegion> memoryMap() {
    List<MappedRegion> regions = new ArrayList<>();
    for (GuestMemory.Mapping m : cpu.memory().mappings()) {
      regions.add(
          new MappedRegion(m.address(), m.size(), m.protection().text(), m.what(), m.owner()));
    }
    return regions;
  }

  @Override
  public GuestCounters counters() {
    return counters;
  }

  /** Makes the figures visible to other threads. */
  void publish() {
    counters =
        new GuestCounters(
            heap.objects().count(),
            heap.objects().bytes(),
            registrations.count(),
            calls.calls(),
            calls.oopses(),
            calls.softLockups(),
            taints.letters());
  }

  @Override
  public void interrupt() {
    cpu.interrupt();
  }

  @Override
  public void close() {
    cpu.close();
    heap.close();
    arena.close();
  }
}
