package io.linkout.kernel.api.life;

import io.linkout.kernel.api.CallOutcome;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.UnloadOutcome;
import io.linkout.kernel.api.heap.GuestHeap;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.api.oops.TableRegistry;
import io.linkout.kernel.api.patch.JumpLabels;
import io.linkout.kernel.api.patch.StaticCalls;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.personality.StructLayout;
import java.util.List;

/** Loading, calling and unloading modules. */
public final class ModuleLife {
  private final GuestModules modules;
  private final GuestCalls calls;
  private final ModuleLoading loading;
  private final ModuleUnloading unloading;
  private final OutsideCalls outside;

  /** Puts the steps together. */
  public ModuleLife(
      GuestMemory memory,
      KernelImage image,
      StructLayout layout,
      GuestModules modules,
      GuestCalls calls,
      GuestHeap heap,
      Registrations registrations,
      Agenda agenda,
      JumpLabels jumpLabels,
      StaticCalls staticCalls,
      TableRegistry tables,
      Taints taints,
      Complaints complaints,
      Kmsg log) {
    this.modules = modules;
    this.calls = calls;
    CallBuffers buffers = new CallBuffers(memory);
    ModuleStructure structure = new ModuleStructure(memory, layout);
    Reclaim reclaim =
        new Reclaim(heap, registrations, agenda, complaints, new ModulePlaces(modules));
    loading =
        new ModuleLoading(
            memory,
            modules,
            new ModuleMapping(memory, image.percpu()),
            structure,
            jumpLabels,
            staticCalls,
            new FaultTables(tables),
            calls,
            buffers,
            reclaim,
            taints,
            log);
    unloading = new ModuleUnloading(loading, structure, calls, reclaim);
    outside = new OutsideCalls(modules, image.symbols(), buffers, calls);
  }

  /** As {@link io.linkout.kernel.api.GuestKernel#load}. */
  public LoadOutcome load(LoadImage image) {
    calls.runDue();
    return loading.load(image);
  }

  /** As {@link io.linkout.kernel.api.GuestKernel#unload}. */
  public UnloadOutcome unload(long loadId) {
    calls.runDue();
    return modules
        .byId(loadId)
        .map(unloading::unload)
        .orElseGet(() -> new UnloadOutcome.Gone(List.of()));
  }

  /** As {@link io.linkout.kernel.api.GuestKernel#call}. */
  public CallOutcome call(CallRequest request) {
    calls.runDue();
    return outside.call(request);
  }
}
