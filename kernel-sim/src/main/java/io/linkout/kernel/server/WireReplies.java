package io.linkout.kernel.server;

import com.google.protobuf.ByteString;
import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.MappedRegion;
import io.linkout.kernel.api.UnloadOutcome;
import io.linkout.kernel.kmsg.LogRecord;
import io.linkout.kernel.module.Errno;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.ModuleState;
import io.linkout.kernel.module.PlacedSegment;
import io.linkout.kernel.module.Refusal;
import io.linkout.kernel.session.Reply;
import io.linkout.kernel.session.Statistics;
import io.linkout.kernel.symbol.ExportedSymbol;
import io.linkout.proto.Protocol;
import io.linkout.proto.wire.Activated;
import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.Called;
import io.linkout.proto.wire.Done;
import io.linkout.proto.wire.Error;
import io.linkout.proto.wire.ErrorCode;
import io.linkout.proto.wire.ExportBatch;
import io.linkout.proto.wire.Leak;
import io.linkout.proto.wire.Located;
import io.linkout.proto.wire.Location;
import io.linkout.proto.wire.LogBatch;
import io.linkout.proto.wire.MemoryMapReply;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.ModuleList;
import io.linkout.proto.wire.Region;
import io.linkout.proto.wire.Removed;
import io.linkout.proto.wire.Resolved;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.Session;
import io.linkout.proto.wire.SessionList;
import io.linkout.proto.wire.StatsReply;
import io.linkout.proto.wire.Symbol;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Translates replies to the wire. */
final class WireReplies {
  private final KernelIdentity identity;

  WireReplies(KernelIdentity identity) {
    this.identity = identity;
  }

  /** Returns {@code reply} as the wire has it; nothing of it is used after this. */
  io.linkout.proto.wire.Reply write(Reply reply) {
    io.linkout.proto.wire.Reply.Builder wire = io.linkout.proto.wire.Reply.newBuilder();
    switch (reply) {
      case Reply.Refused(Refusal reason) -> wire.setError(error(reason));
      case Reply.Done() -> wire.setDone(Done.getDefaultInstance());
      case Reply.Modules(List<LoadedModule> modules, List<Handle> handles) ->
          wire.setModules(
              ModuleList.newBuilder()
                  .addAllModules(handles.stream().map(WireReplies::unformed).toList())
                  .addAllModules(modules.stream().map(WireReplies::module).toList()));
      case Reply.Resolved(List<Reply.@Nullable OwnedSymbol> symbols) ->
          wire.setResolved(
              Resolved.newBuilder()
                  .addAllSymbols(symbols.stream().map(s -> symbol(s, false)).toList()));
      case Reply.Allocated(Handle handle) ->
          wire.setAllocated(
              Allocated.newBuilder()
                  .setHandle(handle.id())
                  .addAllAddresses(
                      handle.segments().stream().map(PlacedSegment::address).toList()));
      case Reply.Activated(long loadId, long initResult, long totalNanos, long initNanos) ->
          wire.setActivated(
              Activated.newBuilder()
                  .setLoadId(loadId)
                  .setInitResult(initResult)
                  .setTotalNs(totalNanos)
                  .setInitNs(initNanos));
      case Reply.Removed(List<UnloadOutcome.Leak> leaks) ->
          wire.setRemoved(
              Removed.newBuilder().addAllLeaks(leaks.stream().map(WireReplies::leak).toList()));
      case Reply.Called(long result, List<byte[]> outputs) ->
          wire.setCalled(
              Called.newBuilder()
                  .setResult(result)
                  .addAllOutputs(outputs.stream().map(ByteString::copyFrom).toList()));
      case Reply.Log(List<LogRecord> records, boolean last) ->
          wire.setLog(
              LogBatch.newBuilder()
                  .addAllRecords(records.stream().map(WireReplies::record).toList())
                  .setLast(last));
      case Reply.Figures(Statistics statistics) -> wire.setStats(statistics(statistics));
      case Reply.Exports(List<Reply.OwnedSymbol> symbols, boolean last) ->
          wire.setExports(
              ExportBatch.newBuilder()
                  .addAllSymbols(symbols.stream().map(s -> symbol(s, true)).toList())
                  .setLast(last));
      case Reply.MemoryMap(List<MappedRegion> regions) ->
          wire.setMemoryMap(
              MemoryMapReply.newBuilder()
                  .addAllRegions(regions.stream().map(WireReplies::region).toList()));
      case Reply.Sessions(List<Reply.SessionFigures> sessions) ->
          wire.setSessions(
              SessionList.newBuilder()
                  .addAllSessions(sessions.stream().map(WireReplies::session).toList()));
      case Reply.Located(List<Reply.Location> locations) ->
          wire.setLocated(
              Located.newBuilder()
                  .addAllLocations(locations.stream().map(WireReplies::location).toList()));
    }
    return wire.build();
  }

  private static Error error(Refusal reason) {
    return Error.newBuilder()
        .setCode(code(reason.kind()))
        .setErrno(reason.errno())
        .setErrnoName(Errno.name(reason.errno()))
        .setMessage(reason.reason())
        .setClosing(reason.kind().closing())
        .addAllOops(reason.oops())
        .build();
  }

  private static ErrorCode code(Refusal.Kind kind) {
    return switch (kind) {
      case MALFORMED -> ErrorCode.ERROR_MALFORMED;
      case MISUSE -> ErrorCode.ERROR_MISUSE;
      case LIMIT -> ErrorCode.ERROR_LIMIT;
      case FORBIDDEN -> ErrorCode.ERROR_FORBIDDEN;
      case NOT_FOUND -> ErrorCode.ERROR_NOT_FOUND;
      case EXISTS -> ErrorCode.ERROR_EXISTS;
      case BUSY -> ErrorCode.ERROR_BUSY;
      case NO_MEMORY -> ErrorCode.ERROR_NO_MEMORY;
      case INIT_FAILED -> ErrorCode.ERROR_INIT_FAILED;
      case OOPS -> ErrorCode.ERROR_OOPS;
      case SOFT_LOCKUP -> ErrorCode.ERROR_SOFT_LOCKUP;
      case UNSUPPORTED -> ErrorCode.ERROR_UNSUPPORTED;
      case INVALID -> ErrorCode.ERROR_INVALID;
      case PARAMETER -> ErrorCode.ERROR_PARAMETER;
      case STOPPING -> ErrorCode.ERROR_STOPPING;
      case STALE -> ErrorCode.ERROR_STALE;
    };
  }

  private static Module unformed(Handle handle) {
    return Module.newBuilder()
        .setName(handle.label())
        .setState(io.linkout.proto.wire.ModuleState.STATE_UNFORMED)
        .addAllSegments(handle.segments().stream().map(WireReplies::segment).toList())
        .setPid(handle.owner().pid())
        .setUid(handle.owner().uid())
        .setSession(handle.owner().session())
        .build();
  }

  private static Module module(LoadedModule module) {
    Module.Builder wire =
        Module.newBuilder()
            .setName(module.name())
            .setState(state(module.state()))
            .setLoadId(module.loadId())
            .addAllSegments(module.segments().stream().map(WireReplies::segment).toList())
            .setReferences(module.references())
            .addAllHolders(module.holders().stream().map(LoadedModule::name).toList())
            .setBuildId(ByteString.copyFrom(HexFormat.of().parseHex(module.facts().buildId())))
            .setTaints(module.facts().taints())
            .setPermanent(module.permanent())
            .setPath(module.facts().path())
            .setThisModule(module.facts().thisModule())
            .addAllDependencies(module.dependencies().stream().map(LoadedModule::name).toList())
            .setDead(module.dead())
            .setCoreBytes(module.coreBytes())
            .setExportCount(module.facts().exportCount());
    if (module.state() == ModuleState.COMING) {
      wire.setPid(module.loader().pid())
          .setUid(module.loader().uid())
          .setSession(module.loader().session());
    }
    return wire.build();
  }

  private static io.linkout.proto.wire.ModuleState state(ModuleState state) {
    return switch (state) {
      case COMING -> io.linkout.proto.wire.ModuleState.STATE_COMING;
      case LIVE -> io.linkout.proto.wire.ModuleState.STATE_LIVE;
      case GOING -> io.linkout.proto.wire.ModuleState.STATE_GOING;
    };
  }

  private static io.linkout.proto.wire.PlacedSegment segment(PlacedSegment segment) {
    return io.linkout.proto.wire.PlacedSegment.newBuilder()
        .setKind(kind(segment.kind()))
        .setAddress(segment.address())
        .setSize(segment.size())
        .build();
  }

  private static SegmentKind kind(LoadImage.Kind kind) {
    return switch (kind) {
      case TEXT -> SegmentKind.TEXT;
      case RODATA -> SegmentKind.RODATA;
      case RO_AFTER_INIT -> SegmentKind.RO_AFTER_INIT;
      case DATA -> SegmentKind.DATA;
      case INIT_TEXT -> SegmentKind.INIT_TEXT;
      case INIT_DATA -> SegmentKind.INIT_DATA;
      case INIT_RODATA -> SegmentKind.INIT_RODATA;
      case PERCPU -> SegmentKind.PERCPU;
    };
  }

  private static Symbol symbol(Reply.@Nullable OwnedSymbol owned, boolean named) {
    if (owned == null) {
      return Symbol.getDefaultInstance();
    }
    ExportedSymbol symbol = owned.symbol();
    Symbol.Builder wire =
        Symbol.newBuilder()
            .setFound(true)
            .setAddress(symbol.address())
            .setGplOnly(symbol.gplOnly())
            .setNamespace(symbol.namespace())
            .setOwner(owned.owner())
            .setOwnerLoadId(symbol.owner());
    Integer crc = symbol.crc();
    if (crc != null) {
      wire.setCrc(crc);
    }
    if (named) {
      wire.setName(symbol.name());
    }
    return wire.build();
  }

  private static Leak leak(UnloadOutcome.Leak leak) {
    return Leak.newBuilder()
        .setWhat(leak.what())
        .setAddress(leak.address())
        .setSize(leak.size())
        .setCaller(leak.caller())
        .build();
  }

  private static io.linkout.proto.wire.LogRecord record(LogRecord record) {
    return io.linkout.proto.wire.LogRecord.newBuilder()
        .setSequence(record.sequence())
        .setLevel(record.level())
        .setFacility(record.facility())
        .setTimeUs(record.micros())
        .setText(record.text())
        .build();
  }

  private StatsReply statistics(Statistics statistics) {
    return StatsReply.newBuilder()
        .setRelease(identity.release())
        .setBootId(identity.bootId())
        .setProtocolFingerprint(Protocol.fingerprint())
        .setSymbolsMode(identity.symbolMap().isEmpty() ? "kernel" : "userspace")
        .setUptimeMs(statistics.uptimeMillis())
        .setSessions(statistics.sessions())
        .setHandles(statistics.handles())
        .setHandleBytes(statistics.handleBytes())
        .setPins(statistics.pins())
        .setModules(statistics.modules())
        .setModuleBytes(statistics.moduleBytes())
        .setModuleAreaFreeBytes(statistics.moduleAreaFreeBytes())
        .setExports(statistics.exports())
        .setExportTableBytes(statistics.exportTableBytes())
        .setHeapObjects(statistics.guest().heapObjects())
        .setHeapBytes(statistics.guest().heapBytes())
        .setRegistrations(statistics.guest().registrations())
        .setCalls(statistics.guest().calls())
        .setOopses(statistics.guest().oopses())
        .setSoftLockups(statistics.guest().softLockups())
        .setModulesOff(statistics.modulesOff())
        .setPid((int) ProcessHandle.current().pid())
        .setBootTimeUs(identity.bootTimeMicros())
        .setTaints(statistics.guest().taints())
        .build();
  }

  private static Region region(MappedRegion region) {
    return Region.newBuilder()
        .setAddress(region.address())
        .setSize(region.size())
        .setProtection(region.protection())
        .setWhat(region.what())
        .setOwner(region.owner())
        .build();
  }

  private static Session session(Reply.SessionFigures figures) {
    return Session.newBuilder()
        .setId(figures.id())
        .setPid(figures.pid())
        .setUid(figures.uid())
        .setAgeMs(figures.ageMillis())
        .setHandles(figures.handles())
        .setHandleBytes(figures.handleBytes())
        .setPins(figures.pins())
        .setSelf(figures.self())
        .build();
  }

  private static Location location(Reply.Location location) {
    return Location.newBuilder()
        .setSymbol(location.symbol())
        .setOffset(location.offset())
        .setModule(location.module())
        .build();
  }
}
