package io.linkout.kernel.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.linkout.kernel.session.Limits;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.Argument;
import io.linkout.proto.wire.Call;
import io.linkout.proto.wire.ErrorCode;
import io.linkout.proto.wire.Export;
import io.linkout.proto.wire.Locate;
import io.linkout.proto.wire.ParameterCall;
import io.linkout.proto.wire.Pin;
import io.linkout.proto.wire.ReadLog;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Resolve;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.SegmentSpec;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.Table;
import io.linkout.proto.wire.TableKind;
import io.linkout.proto.wire.Write;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every bound on clients, at its limit and one over, over the wire: up to the limit there is no
 * complaint, over it one clear error, and the connection and all it had are gone.
 */
class LimitsTest {
  private static final Limits LIMITS = FuzzedKernel.LIMITS;

  private final FuzzedKernel kernel = FuzzedKernel.withoutCpu();
  private int nextPid = 2;

  /** Does something to the amount of {@code count}; returns the last answer. */
  private interface Use {
    Reply of(LimitsTest test, Talker talker, int count);
  }

  /** A bound: its field of Welcome's limits or its name, how much is allowed, what reaches it. */
  private record Bound(String name, int most, String words, Use use) {}

  private static final List<Bound> BOUNDS =
      List.of(
          new Bound("frame_bytes", LIMITS.frameBytes(), "a frame of", LimitsTest::frame),
          new Bound("resolve_names", LIMITS.resolveNames(), "names", LimitsTest::resolve),
          new Bound(
              "resolve_names: Locate", LIMITS.resolveNames(), "addresses", LimitsTest::locate),
          new Bound("session_handles", LIMITS.sessionHandles(), "handles", LimitsTest::handles),
          new Bound(
              "session_bytes", (int) LIMITS.sessionBytes(), "may hold", LimitsTest::handleBytes),
          new Bound("activate_entries", LIMITS.activateEntries(), "exports", LimitsTest::exports),
          new Bound(
              "activate_entries: dependencies",
              LIMITS.activateEntries(),
              "dependencies",
              LimitsTest::dependencies),
          new Bound(
              "activate_entries: tables", LIMITS.activateEntries(), "tables", LimitsTest::tables),
          new Bound(
              "activate_entries: parameters",
              LIMITS.activateEntries(),
              "parameters",
              LimitsTest::parameters),
          new Bound("call_arguments", LIMITS.callArguments(), "arguments", LimitsTest::arguments),
          new Bound("call_bytes", LIMITS.callBytes(), "bytes", LimitsTest::inputBytes),
          new Bound("call_bytes: output", LIMITS.callBytes(), "bytes", LimitsTest::outputBytes),
          new Bound("log followers", LIMITS.followers(), "followers", LimitsTest::followers));

  @TestFactory
  Stream<DynamicTest> upToTheLimitAndNoFurther() {
    return BOUNDS.stream()
        .map(b -> DynamicTest.dynamicTest(b.name(), () -> new LimitsTest().holds(b)));
  }

  private Talker talker() {
    return new Talker(kernel, nextPid++, FuzzedKernel.DAEMON_UID);
  }

  private void holds(Bound bound) {
    Talker base = talker();
    base.ask(activation(space(base), "base").build());
    Talker within = talker();
    Reply fine = bound.use().of(this, within, bound.most());
    assertThat(fine.getError().getCode()).as("%s", fine).isNotEqualTo(ErrorCode.ERROR_LIMIT);
    assertThat(within.open()).isTrue();
    if (!bound.name().equals("log followers")) {
      within.hangUp();
    }
    int handles = kernel.handles.count();
    Talker over = talker();
    Reply refused = bound.use().of(this, over, bound.most() + 1);
    assertThat(refused.getError().getCode()).as("%s", refused).isEqualTo(ErrorCode.ERROR_LIMIT);
    assertThat(refused.getError().getMessage()).contains(bound.words()).doesNotContain("\n");
    assertThat(refused.getError().getClosing()).isTrue();
    assertThat(over.open()).isFalse();
    assertThat(kernel.handles.count()).isEqualTo(handles);
    kernel.check();
    Talker next = talker();
    assertThat(next.ask(stats()).hasStats()).isTrue();
  }

  @Test
  void requestsWithoutAnAnswerAreBounded() {
    Talker talker = talker();
    Allocated space = space(talker);
    talker.sendOnly(activation(space, "m").build());
    for (int i = 0; i < LIMITS.pipelinedRequests(); i++) {
      talker.sendOnly(stats());
    }
    assertThat(talker.open()).as("as many as allowed").isTrue();
    talker.sendOnly(stats());
    assertThat(talker.last().getError().getCode()).isEqualTo(ErrorCode.ERROR_LIMIT);
    assertThat(talker.last().getError().getMessage()).contains("requests without an answer");
    assertThat(talker.open()).isFalse();
    kernel.workOff();
    assertThat(kernel.handles.count()).isZero();
    assertThat(kernel.modules.count()).as("its load had not begun").isZero();
  }

  @Test
  void sessionsOfAUidAndInAllAreBounded() {
    for (int i = 0; i < LIMITS.sessionsOfUid() - 1; i++) {
      new Talker(kernel, nextPid++, FuzzedKernel.USER_UID);
    }
    assertThat(kernel.sessions.all()).hasSize(3);
    Talker more = new Talker(kernel, nextPid++, FuzzedKernel.USER_UID);
    assertThat(more.open()).as("three of six are kept for root and the daemon's uid").isFalse();
    Talker reserved = talker();
    assertThat(reserved.ask(stats()).hasStats()).isTrue();
    reserved.hangUp();
    for (int i = 0; i < 3; i++) {
      assertThat(talker().open()).isTrue();
    }
    assertThat(talker().open()).as("the seventh of six").isFalse();
    kernel.check();
  }

  @Test
  void noLimitOfTheWelcomeIsLeftOut() {
    Set<String> tested = new TreeSet<>(Set.of("pipelined_requests"));
    for (Bound bound : BOUNDS) {
      tested.add(bound.name());
    }
    for (FieldDescriptor field : io.linkout.proto.handshake.Limits.getDescriptor().getFields()) {
      assertThat(tested).contains(field.getName());
    }
  }

  private static Request stats() {
    return Request.newBuilder().setStats(Stats.getDefaultInstance()).build();
  }

  private static Allocated space(Talker talker) {
    return talker.allocate(
        Talker.segment(SegmentKind.TEXT, 4096), Talker.segment(SegmentKind.DATA, 4096));
  }

  private static Request.Builder activation(Allocated space, String name) {
    return Request.newBuilder()
        .setActivate(
            Activate.newBuilder()
                .setHandle(space.getHandle())
                .setName(name)
                .setInit(space.getAddresses(0))
                .setExit(space.getAddresses(0))
                .setThisModule(space.getAddresses(1))
                .setThisModuleSize(896));
  }

  private static Reply activate(Talker talker, java.util.function.Consumer<Activate.Builder> more) {
    Request.Builder request = activation(space(talker), "m");
    more.accept(request.getActivateBuilder());
    return talker.ask(request.build());
  }

  private Reply frame(Talker talker, int bytes) {
    Allocated space = talker.allocate(Talker.segment(SegmentKind.DATA, 1 << 17));
    Write.Builder write = Write.newBuilder().setHandle(space.getHandle());
    int head = Request.newBuilder().setWrite(write).build().getSerializedSize();
    Request request = Request.getDefaultInstance();
    for (int room = bytes - head; request.getSerializedSize() != bytes; room--) {
      write.setContent(ByteString.copyFrom(new byte[room]));
      request = Request.newBuilder().setWrite(write).build();
    }
    int before = talker.heard();
    talker.say(request);
    return talker.heard() > before ? talker.last() : Reply.getDefaultInstance();
  }

  private Reply resolve(Talker talker, int names) {
    Resolve.Builder resolve = Resolve.newBuilder();
    resolve.addAllNames(Collections.nCopies(names, "printk"));
    return talker.ask(Request.newBuilder().setResolve(resolve).build());
  }

  private Reply locate(Talker talker, int addresses) {
    Locate.Builder locate = Locate.newBuilder();
    locate.addAllAddresses(Collections.nCopies(addresses, 1L));
    return talker.ask(Request.newBuilder().setLocate(locate).build());
  }

  private Reply handles(Talker talker, int count) {
    for (int i = 0; i < count; i++) {
      talker.allocate(Talker.segment(SegmentKind.DATA, 1));
    }
    return talker.last();
  }

  private Reply handleBytes(Talker talker, int bytes) {
    int half = bytes / 2;
    SegmentSpec first = Talker.segment(SegmentKind.DATA, half);
    talker.allocate(first);
    talker.allocate(Talker.segment(SegmentKind.DATA, bytes - half));
    return talker.last();
  }

  private Reply exports(Talker talker, int count) {
    return activate(
        talker,
        a -> {
          for (int i = 0; i < count; i++) {
            a.addExports(Export.newBuilder().setName("s" + i).setAddress(a.getInit()));
          }
        });
  }

  private Reply dependencies(Talker talker, int count) {
    talker.ask(
        Request.newBuilder().setPin(Pin.newBuilder().setModule("base").setLoadId(1)).build());
    return activate(talker, a -> a.addAllDependencies(Collections.nCopies(count, 1L)));
  }

  private Reply tables(Talker talker, int count) {
    return activate(
        talker,
        a -> {
          for (int i = 0; i < count; i++) {
            a.addTables(
                Table.newBuilder().setKind(TableKind.BUG_TABLE).setAddress(a.getThisModule()));
          }
        });
  }

  private Reply parameters(Talker talker, int count) {
    return activate(
        talker,
        a -> {
          for (int i = 0; i < count; i++) {
            a.addParameters(
                ParameterCall.newBuilder()
                    .setName("p")
                    .setSetFunction(a.getInit())
                    .setKernelParam(a.getThisModule()));
          }
        });
  }

  private static Reply call(Talker talker, List<Argument> arguments) {
    Call.Builder call = Call.newBuilder().setFunction(1).addAllArguments(arguments);
    return talker.ask(Request.newBuilder().setCall(call).build());
  }

  private Reply arguments(Talker talker, int count) {
    return call(talker, Collections.nCopies(count, Argument.newBuilder().setValue(1).build()));
  }

  private Reply inputBytes(Talker talker, int bytes) {
    Argument.Builder input = Argument.newBuilder().setInput(ByteString.copyFrom(new byte[bytes]));
    return call(talker, List.of(input.build()));
  }

  private Reply outputBytes(Talker talker, int bytes) {
    Argument one = Argument.newBuilder().setOutput(1).build();
    Argument rest = Argument.newBuilder().setOutput(bytes - 1).build();
    return call(talker, List.of(one, rest));
  }

  /** The talker is the last of {@code count} followers there are in all. */
  private Reply followers(Talker talker, int count) {
    Request follow = Request.newBuilder().setReadLog(ReadLog.newBuilder().setFollow(true)).build();
    long there = kernel.sessions.all().size() - 2L;
    for (long i = there; i < count - 1; i++) {
      talker().say(follow);
    }
    int before = talker.heard();
    talker.say(follow);
    return talker.heard() > before ? talker.last() : Reply.getDefaultInstance();
  }
}
