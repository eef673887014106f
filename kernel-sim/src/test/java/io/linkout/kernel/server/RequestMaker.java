package io.linkout.kernel.server;

import com.google.protobuf.ByteString;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.PlacedSegment;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Allocate;
import io.linkout.proto.wire.Argument;
import io.linkout.proto.wire.Call;
import io.linkout.proto.wire.Cause;
import io.linkout.proto.wire.CauseKind;
import io.linkout.proto.wire.ClearLog;
import io.linkout.proto.wire.Disconnect;
import io.linkout.proto.wire.Export;
import io.linkout.proto.wire.Free;
import io.linkout.proto.wire.ListExports;
import io.linkout.proto.wire.ListModules;
import io.linkout.proto.wire.Locate;
import io.linkout.proto.wire.MemoryMap;
import io.linkout.proto.wire.ParameterCall;
import io.linkout.proto.wire.Pin;
import io.linkout.proto.wire.ReadLog;
import io.linkout.proto.wire.Reload;
import io.linkout.proto.wire.Remove;
import io.linkout.proto.wire.ReportFailure;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Resolve;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.SegmentSpec;
import io.linkout.proto.wire.Sessions;
import io.linkout.proto.wire.Shutdown;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.Table;
import io.linkout.proto.wire.TableKind;
import io.linkout.proto.wire.Write;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes requests that mean something to a {@link FuzzedKernel} as it is now, and nearly so. */
final class RequestMaker {
  /** How many kinds of request there are. */
  static final int KINDS = 20;

  private static final String[] NAMES = {"a", "b", "c-d", "c_d", "e", "f", "g", "h"};
  private static final String[] ODD_NAMES = {
    "", "x/y", "n\n", "A".repeat(55), "A".repeat(56), "A".repeat(600), "kfree", "\u00e9"
  };
  private static final CauseKind[] CAUSES =
      java.util.Arrays.stream(CauseKind.values())
          .filter(k -> k != CauseKind.UNRECOGNIZED)
          .toArray(CauseKind[]::new);
  private static final long[] ODD_NUMBERS = {
    0, 1, 2, 8, 4095, 4096, 4097, 1 << 20, 1L << 30, 1L << 31, -1, Long.MAX_VALUE, Long.MIN_VALUE
  };

  private final FuzzedKernel kernel;
  private final Choices choices;

  RequestMaker(FuzzedKernel kernel, Choices choices) {
    this.kernel = kernel;
    this.choices = choices;
  }

  /** Returns a request of the {@code kind}-th kind for {@code peer}. */
  Request make(int kind, FuzzedPeer peer) {
    Request.Builder request = Request.newBuilder();
    switch (kind) {
      case 0 ->
          request.setListModules(
              ListModules.newBuilder().setAfter(choices.oneIn(3) ? oddNumber() : 0));
      case 1 -> request.setResolve(resolve());
      case 2 -> request.setAllocate(allocate());
      case 3 -> request.setWrite(write(handle(peer)));
      case 4 -> request.setActivate(activate(handle(peer), List.of()));
      case 5 -> request.setRemove(Remove.newBuilder().setName(name()).setForce(choices.oneIn(3)));
      case 6 -> request.setCall(call());
      case 7 ->
          request.setReadLog(
              ReadLog.newBuilder().setFollow(choices.oneIn(4)).setClear(choices.oneIn(2)));
      case 8 -> request.setClearLog(ClearLog.getDefaultInstance());
      case 9 -> request.setStats(Stats.getDefaultInstance());
      case 10 -> request.setFree(Free.newBuilder().setHandle(id(handle(peer))));
      case 11 -> request.setPin(pin());
      case 12 -> request.setListExports(ListExports.getDefaultInstance());
      case 13 -> request.setMemoryMap(MemoryMap.getDefaultInstance());
      case 14 -> request.setSessions(Sessions.getDefaultInstance());
      case 15 -> request.setDisconnect(Disconnect.newBuilder().setSession(session(peer)));
      case 16 -> request.setShutdown(Shutdown.getDefaultInstance());
      case 17 -> request.setReload(Reload.newBuilder().setLogLevel(choices.of("", "DEBUG", "no")));
      case 18 -> request.setReportFailure(reportFailure());
      default -> request.setLocate(locate());
    }
    return request.build();
  }

  /** Returns what it takes to load a module as far as it is known before the kernel answers. */
  Request space() {
    return Request.newBuilder()
        .setAllocate(
            Allocate.newBuilder()
                .setName(name())
                .addSegments(segment(SegmentKind.TEXT, 4096))
                .addSegments(segment(SegmentKind.DATA, 4096))
                .addSegments(segment(SegmentKind.INIT_TEXT, 64)))
        .build();
  }

  /** Returns a pin on a live module, or on none. */
  Request pinRequest() {
    return Request.newBuilder().setPin(pin()).build();
  }

  /** Returns code that fits {@code handle}. */
  Request code(Handle handle) {
    return Request.newBuilder()
        .setWrite(
            Write.newBuilder().setHandle(handle.id()).setContent(ByteString.copyFrom(program())))
        .build();
  }

  /** Returns the activation of {@code handle} that uses what was pinned by {@code pins}. */
  Request activation(Handle handle, List<Long> pins) {
    return Request.newBuilder().setActivate(activate(handle, pins)).build();
  }

  private Resolve resolve() {
    Resolve.Builder resolve = Resolve.newBuilder().setPin(choices.oneIn(2));
    int count = choices.oneIn(30) ? 17 : choices.below(5);
    for (int i = 0; i < count; i++) {
      resolve.addNames(choices.oneIn(3) ? "kfree" : name() + "_symbol");
    }
    return resolve.build();
  }

  private Allocate allocate() {
    Allocate.Builder allocate = Allocate.newBuilder().setName(name());
    int count = choices.oneIn(40) ? 257 : choices.below(6);
    for (int i = 0; i < count; i++) {
      SegmentSpec.Builder segment =
          SegmentSpec.newBuilder()
              .setKindValue(choices.below(10))
              .setSize(choices.oneIn(4) ? oddNumber() : 1 + choices.next() * 16L)
              .setAlignment(choices.oneIn(4) ? oddNumber() : 1L << choices.below(14));
      allocate.addSegments(segment);
    }
    return allocate.build();
  }

  private Write write(@Nullable Handle handle) {
    return Write.newBuilder()
        .setHandle(id(handle))
        .setSegment(choices.oneIn(8) ? (int) oddNumber() : choices.below(3))
        .setOffset(choices.oneIn(6) ? oddNumber() : choices.next())
        .setContent(ByteString.copyFrom(program()))
        .build();
  }

  /** Returns code: that of a good module, of a bad one, or no code at all. */
  private byte[] program() {
    return switch (choices.below(8)) {
      case 0, 1 -> bytes(0x31, 0xc0, 0xc3); // return 0
      case 2 -> bytes(0xb8, 0xf4, 0xff, 0xff, 0xff, 0xc3); // return -ENOMEM
      case 3 -> bytes(0x0f, 0x0b);
      case 4 -> choices.oneIn(20) ? bytes(0xeb, 0xfe) : bytes(0xf4);
      case 5 -> leak();
      default -> choices.take(choices.below(64));
    };
  }

  /** Returns a function that takes 64 bytes of heap and returns 0. */
  private byte[] leak() {
    byte[] code =
        bytes(
            0x48, 0x83, 0xec, 0x08, // sub $8, %rsp
            0xbf, 0x40, 0, 0, 0, // mov $64, %edi
            0xbe, 0xc0, 0x0c, 0, 0, // mov $GFP_KERNEL, %esi
            0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, // movabs $__kmalloc, %rax
            0xff, 0xd0, // call *%rax
            0x31, 0xc0, // xor %eax, %eax
            0x48, 0x83, 0xc4, 0x08, // add $8, %rsp
            0xc3);
    long address = 0;
    for (KernelExport export : kernel.kernelExports) {
      if (export.name().equals("__kmalloc")) {
        address = export.address();
      }
    }
    for (int i = 0; i < Long.BYTES; i++) {
      code[16 + i] = (byte) (address >>> (8 * i));
    }
    return code;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private Activate activate(@Nullable Handle handle, List<Long> pins) {
    String name = name();
    long text = address(handle, LoadImage.Kind.TEXT);
    long data = address(handle, LoadImage.Kind.DATA);
    Activate.Builder activate =
        Activate.newBuilder()
            .setHandle(id(handle))
            .setName(name)
            .setInit(text)
            .setExit(text)
            .setThisModule(data)
            .setThisModuleSize(896)
            .setVersion("1")
            .setTaints("OE")
            .addAllDependencies(pins)
            .addExports(Export.newBuilder().setName(name + "_symbol").setAddress(text).setCrc(7));
    if (!choices.oneIn(4)) {
      return activate.build();
    }
    int changes = 1 + choices.below(3);
    for (int i = 0; i < changes; i++) {
      spoil(activate, text, data);
    }
    return activate.build();
  }

  private void spoil(Activate.Builder activate, long text, long data) {
    switch (choices.below(15)) {
      case 0 -> activate.setInit(near(text));
      case 1 -> activate.setExit(near(text));
      case 2 -> activate.setThisModule(near(data));
      case 3 -> activate.setThisModuleSize(oddNumber());
      case 4 -> activate.addDependencies(loadId());
      case 5 -> activate.addExports(Export.newBuilder().setName(name()).setAddress(near(data)));
      case 6 -> activate.addExports(Export.newBuilder().setName("kfree").setAddress(text));
      case 7 -> activate.setTaints(choices.of("", "PFO", "?", "O".repeat(100)));
      case 8 -> activate.setVermagic(choices.of("", "\n", "v".repeat(5000)));
      case 9 -> activate.setBuildId(ByteString.copyFrom(choices.take(choices.below(80))));
      case 10 -> activate.addTables(table(text, data));
      case 11 ->
          activate.addParameters(
              ParameterCall.newBuilder()
                  .setName(name())
                  .setSetFunction(near(text))
                  .setKernelParam(near(data))
                  .setText(ByteString.copyFrom(choices.take(choices.below(20)))));
      case 12 -> activate.addIgnoredParameters(name());
      case 13 -> activate.setExportCount(choices.next()).setComparedUpTo(oddNumber());
      default -> {
        for (int i = 0; i < 17; i++) {
          activate.addTables(table(text, data));
        }
      }
    }
  }

  private Table table(long text, long data) {
    return Table.newBuilder()
        .setKind(TableKind.forNumber(1 + choices.below(8)))
        .setAddress(choices.oneIn(2) ? near(data) : near(text))
        .setLength(choices.oneIn(3) ? oddNumber() : choices.below(8) * 24L)
        .build();
  }

  private Call call() {
    Call.Builder call = Call.newBuilder();
    List<LoadedModule> live = kernel.modules.newestFirst();
    if (live.isEmpty() || choices.oneIn(8)) {
      // No function of the kernel's own: what it takes belongs to nobody, as in Linux.
      call.setFunction(oddNumber()).setLoadId(choices.oneIn(2) ? 0 : loadId());
    } else {
      LoadedModule module = live.get(choices.below(live.size()));
      call.setFunction(near(module.segments().getFirst().address())).setLoadId(module.loadId());
    }
    int count = choices.oneIn(20) ? 13 : choices.below(4);
    for (int i = 0; i < count; i++) {
      call.addArguments(argument());
    }
    return call.build();
  }

  private Argument argument() {
    Argument.Builder argument = Argument.newBuilder();
    return switch (choices.below(6)) {
      case 0, 1 -> argument.setValue(oddNumber()).build();
      case 2 -> argument.setInput(ByteString.copyFrom(choices.take(choices.below(20)))).build();
      case 3 -> argument.setInout(ByteString.copyFrom(choices.take(choices.below(20)))).build();
      case 4 -> argument.setOutput(choices.oneIn(3) ? (int) oddNumber() : choices.next()).build();
      default -> argument.build();
    };
  }

  private Pin pin() {
    List<LoadedModule> modules = kernel.modules.newestFirst();
    if (modules.isEmpty() || choices.oneIn(6)) {
      return Pin.newBuilder().setModule(name()).setLoadId(loadId()).build();
    }
    LoadedModule module = modules.get(choices.below(modules.size()));
    return Pin.newBuilder().setModule(module.name()).setLoadId(module.loadId()).build();
  }

  private ReportFailure reportFailure() {
    ReportFailure.Builder report = ReportFailure.newBuilder().setModule(name());
    int count = choices.oneIn(20) ? 17 : choices.below(3);
    for (int i = 0; i < count; i++) {
      report.addCauses(
          Cause.newBuilder()
              .setKind(choices.of(CAUSES))
              .setSubject(name())
              .setErrno(choices.next()));
    }
    return report.build();
  }

  private Locate locate() {
    Locate.Builder locate = Locate.newBuilder();
    int count = choices.oneIn(20) ? 17 : choices.below(4);
    for (int i = 0; i < count; i++) {
      locate.addAddresses(choices.oneIn(2) ? oddNumber() : near(0xffffffffc0000000L));
    }
    return locate.build();
  }

  private static SegmentSpec segment(SegmentKind kind, long size) {
    return SegmentSpec.newBuilder().setKind(kind).setSize(size).setAlignment(4096).build();
  }

  private String name() {
    return choices.oneIn(16) ? choices.of(ODD_NAMES) : choices.of(NAMES);
  }

  private long oddNumber() {
    return choices.oneIn(6) ? choices.number() : ODD_NUMBERS[choices.below(ODD_NUMBERS.length)];
  }

  private long near(long address) {
    return switch (choices.below(6)) {
      case 0 -> address - 1;
      case 1 -> address + 4095;
      case 2 -> address + 4096;
      case 3 -> oddNumber();
      default -> address + choices.next();
    };
  }

  /** Returns a handle of {@code peer}'s, seldom one of somebody else's, or null. */
  private @Nullable Handle handle(FuzzedPeer peer) {
    long session = peer.session();
    boolean foreign = choices.oneIn(24);
    List<Handle> those = new ArrayList<>();
    for (Handle handle : kernel.handles.handles()) {
      if (foreign != (handle.owner().session() == session)) {
        those.add(handle);
      }
    }
    return those.isEmpty() ? null : those.get(choices.below(those.size()));
  }

  private long id(@Nullable Handle handle) {
    return handle == null ? oddNumber() : handle.id();
  }

  private static long address(@Nullable Handle handle, LoadImage.Kind kind) {
    if (handle != null) {
      for (PlacedSegment segment : handle.segments()) {
        if (segment.kind() == kind) {
          return segment.address();
        }
      }
    }
    return 0;
  }

  private long loadId() {
    List<LoadedModule> modules = kernel.modules.newestFirst();
    return modules.isEmpty() || choices.oneIn(4)
        ? oddNumber()
        : modules.get(choices.below(modules.size())).loadId();
  }

  private long session(FuzzedPeer peer) {
    List<Long> ids = new ArrayList<>();
    kernel.sessions.all().forEach(s -> ids.add(s.id()));
    return ids.isEmpty() || choices.oneIn(8)
        ? oddNumber()
        : choices.oneIn(8) ? peer.session() : ids.get(choices.below(ids.size()));
  }
}
