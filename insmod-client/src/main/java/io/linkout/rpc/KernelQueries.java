package io.linkout.rpc;

import com.google.protobuf.ByteString;
import io.linkout.link.KernelException;
import io.linkout.link.KernelSymbol;
import io.linkout.link.SegmentKind;
import io.linkout.proto.wire.Argument;
import io.linkout.proto.wire.Call;
import io.linkout.proto.wire.Called;
import io.linkout.proto.wire.ClearLog;
import io.linkout.proto.wire.ExportBatch;
import io.linkout.proto.wire.ListExports;
import io.linkout.proto.wire.ListModules;
import io.linkout.proto.wire.Locate;
import io.linkout.proto.wire.LogBatch;
import io.linkout.proto.wire.MemoryMap;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.PlacedSegment;
import io.linkout.proto.wire.ReadLog;
import io.linkout.proto.wire.Remove;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.StatsReply;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the tools ask of a kernel beside loading. Every method may throw {@link
 * io.linkout.link.KernelException}. Does not own the connection.
 */
public final class KernelQueries {
  private static final int ENOSYS = 38;

  private final KernelConnection kernel;

  /** Asks over {@code kernel}. */
  public KernelQueries(KernelConnection kernel) {
    this.kernel = kernel;
  }

  /** Returns all modules, newest first, also what is only allocated so far. */
  public List<LoadedModule> modules() {
    return modules(0);
  }

  /**
   * Returns the modules whose load ids are greater than {@code after}, newest first; with 0 all
   * modules, also what is only allocated so far.
   */
  public List<LoadedModule> modules(long after) {
    List<LoadedModule> modules = new ArrayList<>();
    for (Module module : kernel.list(listRequest(after)).getModules().getModulesList()) {
      modules.add(module(module));
    }
    return modules;
  }

  /** Returns what {@link #modules(long)} asks. */
  static Request listRequest(long after) {
    return Request.newBuilder().setListModules(ListModules.newBuilder().setAfter(after)).build();
  }

  /** Returns all modules like {@link #modules()}; none where the kernel loads none. */
  public List<LoadedModule> modulesIfAny() {
    try {
      return modules();
    } catch (KernelException e) {
      if (e.errno() == ENOSYS) {
        return List.of();
      }
      throw e;
    }
  }

  private static LoadedModule module(Module module) {
    List<LoadedModule.Segment> segments = new ArrayList<>();
    for (PlacedSegment segment : module.getSegmentsList()) {
      segments.add(
          new LoadedModule.Segment(
              kind(segment.getKind()), segment.getAddress(), segment.getSize()));
    }
    return new LoadedModule(
        module.getName(),
        switch (module.getState()) {
          case STATE_COMING -> LoadedModule.State.COMING;
          case STATE_LIVE -> LoadedModule.State.LIVE;
          case STATE_GOING -> LoadedModule.State.GOING;
          case STATE_UNFORMED, STATE_UNSPECIFIED, UNRECOGNIZED -> LoadedModule.State.UNFORMED;
        },
        module.getLoadId(),
        segments,
        module.getReferences(),
        List.copyOf(module.getHoldersList()),
        List.copyOf(module.getDependenciesList()),
        HexFormat.of().formatHex(module.getBuildId().toByteArray()),
        module.getTaints(),
        module.getPid(),
        module.getUid(),
        module.getPermanent(),
        module.getPath(),
        module.getThisModule(),
        module.getDead(),
        module.getCoreBytes(),
        module.getExportCount());
  }

  private static SegmentKind kind(io.linkout.proto.wire.SegmentKind kind) {
    return switch (kind) {
      case TEXT -> SegmentKind.TEXT;
      case RODATA -> SegmentKind.RODATA;
      case RO_AFTER_INIT -> SegmentKind.RO_AFTER_INIT;
      case INIT_TEXT -> SegmentKind.INIT_TEXT;
      case INIT_DATA -> SegmentKind.INIT_DATA;
      case INIT_RODATA -> SegmentKind.INIT_RODATA;
      case PERCPU -> SegmentKind.PERCPU;
      case DATA, SEGMENT_UNSPECIFIED, UNRECOGNIZED -> SegmentKind.DATA;
    };
  }

  /** Runs {@code name}'s exit and frees it; returns what it had left behind. */
  public List<Leak> remove(String name, boolean force) {
    Remove remove = Remove.newBuilder().setName(name).setForce(force).build();
    List<Leak> leaks = new ArrayList<>();
    for (var leak :
        kernel.ask(Request.newBuilder().setRemove(remove).build()).getRemoved().getLeaksList()) {
      leaks.add(new Leak(leak.getWhat(), leak.getAddress(), leak.getSize(), leak.getCaller()));
    }
    return leaks;
  }

  /**
   * Calls the function at guest address {@code function}.
   *
   * @param loadId of the module the address was computed for, 0 for the kernel
   */
  public CallResult call(long function, long loadId, List<CallArgument> arguments) {
    Call.Builder call = Call.newBuilder().setFunction(function).setLoadId(loadId);
    for (CallArgument argument : arguments) {
      call.addArguments(argument(argument));
    }
    Called called = kernel.ask(Request.newBuilder().setCall(call).build()).getCalled();
    List<byte[]> outputs = new ArrayList<>();
    for (ByteString output : called.getOutputsList()) {
      outputs.add(output.toByteArray());
    }
    return new CallResult(called.getResult(), outputs);
  }

  private static Argument argument(CallArgument argument) {
    Argument.Builder builder = Argument.newBuilder();
    return switch (argument) {
      case CallArgument.Value value -> builder.setValue(value.value()).build();
      case CallArgument.Input input -> builder.setInput(ByteString.copyFrom(input.bytes())).build();
      case CallArgument.InOut inout -> builder.setInout(ByteString.copyFrom(inout.bytes())).build();
      case CallArgument.Output output -> builder.setOutput(output.size()).build();
    };
  }

  /**
   * Hands the kernel log to {@code sink}, batch by batch.
   *
   * @param follow go on until the connection closes; nothing else can be asked of it then
   * @param clear hide what was read from later readers, as one step with reading
   */
  public void log(boolean follow, boolean clear, Consumer<List<LogEntry>> sink) {
    ReadLog read = ReadLog.newBuilder().setFollow(follow).setClear(clear).build();
    kernel.send(Request.newBuilder().setReadLog(read).build());
    boolean more = true;
    while (more) {
      LogBatch batch = kernel.receive().getLog();
      List<LogEntry> entries = new ArrayList<>(batch.getRecordsCount());
      for (var log : batch.getRecordsList()) {
        entries.add(
            new LogEntry(
                log.getSequence(),
                log.getLevel(),
                log.getFacility(),
                log.getTimeUs(),
                log.getText()));
      }
      sink.accept(entries);
      more = !batch.getLast();
    }
  }

  /** Hides what was logged so far from later readers. */
  public void clearLog() {
    kernel.ask(Request.newBuilder().setClearLog(ClearLog.getDefaultInstance()).build());
  }

  /** Returns the kernel's figures. */
  public KernelFigures figures() {
    StatsReply stats =
        kernel.ask(Request.newBuilder().setStats(Stats.getDefaultInstance()).build()).getStats();
    return new KernelFigures(
        stats.getRelease(), stats.getPid(), stats.getBootTimeUs(), stats.getTaints());
  }

  /** Returns every export, by name in byte order. */
  public List<KernelSymbol> exports() {
    kernel.send(Request.newBuilder().setListExports(ListExports.getDefaultInstance()).build());
    List<KernelSymbol> exports = new ArrayList<>();
    boolean more = true;
    while (more) {
      ExportBatch batch = kernel.receive().getExports();
      for (var symbol : batch.getSymbolsList()) {
        exports.add(WireForms.symbol(symbol.getName(), symbol));
      }
      more = !batch.getLast();
    }
    return exports;
  }

  /** Returns the address space, by address. */
  public List<MemoryRegion> memoryMap() {
    Request request = Request.newBuilder().setMemoryMap(MemoryMap.getDefaultInstance()).build();
    List<MemoryRegion> regions = new ArrayList<>();
    for (var region : kernel.ask(request).getMemoryMap().getRegionsList()) {
      regions.add(
          new MemoryRegion(
              region.getAddress(),
              region.getSize(),
              region.getProtection(),
              region.getWhat(),
              region.getOwner()));
    }
    return regions;
  }

  /** Returns what the kernel knows of guest addresses, one entry each, in their order. */
  public List<Location> locate(List<Long> addresses) {
    Locate locate = Locate.newBuilder().addAllAddresses(addresses).build();
    List<Location> locations = new ArrayList<>();
    for (var location :
        kernel
            .ask(Request.newBuilder().setLocate(locate).build())
            .getLocated()
            .getLocationsList()) {
      locations.add(new Location(location.getSymbol(), location.getOffset(), location.getModule()));
    }
    return locations;
  }
}
