package io.linkout.kernel.api.life;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.LoadImage.ParameterCall;
import io.linkout.kernel.api.LoadImage.Segment;
import io.linkout.kernel.api.LoadImage.Table;
import io.linkout.kernel.api.LoadImage.TableKind;
import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.api.patch.JumpLabels;
import io.linkout.kernel.api.patch.StaticCalls;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.kmsg.Kmsg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From an image to a live module (load_module and do_init_module of kernel/module/main.c): map,
 * apply tables, parameters, constructors, init. Whatever goes wrong, nothing remains.
 */
final class ModuleLoading {
  private static final int ENOEXEC = 8;
  private static final int EFAULT = 14;
  private static final int ENOMEM = 12;
  private static final int WARNING = 4;
  private static final String COMMAND = "insmod";

  private final GuestMemory memory;
  private final GuestModules modules;
  private final ModuleMapping mapping;
  private final ModuleStructure structure;
  private final JumpLabels jumpLabels;
  private final StaticCalls staticCalls;
  private final FaultTables faultTables;
  private final GuestCalls calls;
  private final CallBuffers buffers;
  private final Reclaim reclaim;
  private final Taints taints;
  private final Kmsg log;

  ModuleLoading(
      GuestMemory memory,
      GuestModules modules,
      ModuleMapping mapping,
      ModuleStructure structure,
      JumpLabels jumpLabels,
      StaticCalls staticCalls,
      FaultTables faultTables,
      GuestCalls calls,
      CallBuffers buffers,
      Reclaim reclaim,
      Taints taints,
      Kmsg log) {
    this.memory = memory;
    this.modules = modules;
    this.mapping = mapping;
    this.structure = structure;
    this.jumpLabels = jumpLabels;
    this.staticCalls = staticCalls;
    this.faultTables = faultTables;
    this.calls = calls;
    this.buffers = buffers;
    this.reclaim = reclaim;
    this.taints = taints;
    this.log = log;
  }

  LoadOutcome load(LoadImage image) {
    Optional<String> refusal = mapping.refusal(image);
    if (refusal.isPresent()) {
      return new LoadOutcome.Rejected(ENOEXEC, refusal.get());
    }
    taints.addModule(image.name(), image.taints());
    GuestModule module = new GuestModule(image);
    // Known before it is mapped: should a step break, an unload finds what to take back.
    modules.add(module);
    mapping.map(module);
    faultTables.put(module);
    structure.update(module);
    LoadOutcome outcome = start(module);
    if (!(outcome instanceof LoadOutcome.Live)) {
      undo(module);
    }
    return outcome;
  }

  private LoadOutcome start(GuestModule module) {
    LoadOutcome failure = applyTables(module);
    if (failure == null) {
      failure = setParameters(module);
    }
    if (failure == null) {
      failure = runConstructors(module);
    }
    return failure != null ? failure : init(module);
  }

  private @Nullable LoadOutcome applyTables(GuestModule module) {
    try {
      Optional<Table> jumps = module.table(TableKind.JUMP_TABLE);
      if (jumps.isPresent()) {
        jumpLabels.add(jumps.get());
      }
      module.table(TableKind.STATIC_CALL_SITES).ifPresent(staticCalls::add);
      return null;
    } catch (JumpLabels.BadSiteException e) {
      return new LoadOutcome.Rejected(ENOEXEC, String.valueOf(e.getMessage()));
    } catch (GuestFault e) {
      return new LoadOutcome.Rejected(
          EFAULT, "a table of " + module.name() + " leads outside: " + e.getMessage());
    }
  }

  private @Nullable LoadOutcome setParameters(GuestModule module) {
    for (String ignored : module.image().ignoredParameters()) {
      log.log(WARNING, module.name() + ": parameter '" + ignored + "' ignored");
    }
    for (ParameterCall parameter : module.image().parameters()) {
      byte[] text = Arrays.copyOf(parameter.text(), parameter.text().length + 1);
      try (CallBuffers.Placed placed = buffers.place(List.of(text))) {
        CallResult result =
            calls.call(
                module.loadId(),
                COMMAND,
                parameter.setFunction(),
                placed.address(0),
                parameter.kernelParam());
        if (!(result instanceof CallResult.Returned(long rax))) {
          return died(result);
        }
        if ((int) rax < 0) {
          return new LoadOutcome.ParameterFailed(parameter.name(), -(int) rax);
        }
      } catch (CallBuffers.NoRoomException e) {
        return new LoadOutcome.ParameterFailed(parameter.name(), ENOMEM);
      }
    }
    return null;
  }

  private @Nullable LoadOutcome runConstructors(GuestModule module) {
    Optional<Table> table = module.table(TableKind.CONSTRUCTORS);
    List<Long> constructors = new ArrayList<>();
    if (table.isPresent()) {
      for (long offset = 0; offset < table.get().length(); offset += 8) {
        constructors.add(memory.readLong(table.get().address() + offset));
      }
    }
    for (long constructor : constructors) {
      CallResult result = calls.call(module.loadId(), COMMAND, constructor);
      if (!(result instanceof CallResult.Returned)) {
        return died(result);
      }
    }
    return null;
  }

  private LoadOutcome init(GuestModule module) {
    long start = System.nanoTime();
    int value = 0;
    if (module.image().init() != 0) {
      CallResult result = calls.call(module.loadId(), COMMAND, module.image().init());
      if (!(result instanceof CallResult.Returned(long rax))) {
        return died(result);
      }
      value = (int) rax;
    }
    long nanos = System.nanoTime() - start;
    if (value < 0) {
      return new LoadOutcome.InitFailed(-value);
    }
    if (value > 0) {
      log.log(
          WARNING,
          "do_init_module: '"
              + module.name()
              + "'->init suspiciously returned "
              + value
              + ", it should follow 0/-E convention\n"
              + "do_init_module: loading module anyway...");
    }
    goLive(module);
    return new LoadOutcome.Live(value, nanos);
  }

  private void goLive(GuestModule module) {
    module.state(GuestModule.State.LIVE);
    structure.update(module);
    mapping.protectAfterInit(module);
    for (Segment segment : module.mapped()) {
      if (segment.kind().init()) {
        forgetSites(segment.address(), segment.address() + segment.host().byteSize());
        mapping.unmap(module, segment);
      }
    }
    faultTables.put(module);
  }

  private static LoadOutcome died(CallResult result) {
    return switch (result) {
      case CallResult.Oopsed(List<String> report) -> new LoadOutcome.Oopsed(report);
      case CallResult.SoftLockup(List<String> report) -> new LoadOutcome.SoftLockup(report);
      case CallResult.Returned _ -> throw new IllegalStateException("it returned");
    };
  }

  private void undo(GuestModule module) {
    module.state(GuestModule.State.GOING);
    reclaim.from(module);
    discard(module);
  }

  /** Unmaps {@code module} and forgets it; nothing it made is left. */
  void discard(GuestModule module) {
    for (LoadImageRange range : LoadImageRange.of(module)) {
      forgetSites(range.start(), range.end());
    }
    faultTables.remove(module);
    mapping.unmapAll(module);
    modules.remove(module);
  }

  private void forgetSites(long start, long end) {
    jumpLabels.forget(start, end);
    staticCalls.forget(start, end);
  }
}
