package io.linkout.kernel.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.Call;
import io.linkout.proto.wire.Disconnect;
import io.linkout.proto.wire.ErrorCode;
import io.linkout.proto.wire.Free;
import io.linkout.proto.wire.Pin;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.StatsReply;
import io.linkout.proto.wire.Write;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What was given to one connection means nothing on another, whatever request names it. */
class ForeignIdTest {
  /** What somebody else has: a handle, a load id of a live module it pins, its session. */
  private record Victim(Talker talker, Allocated space, long loadId) {}

  /** A request that names something of the victim's, and what it is answered. */
  private record Theft(Function<Victim, Request> request, ErrorCode answer) {}

  /** Each field of a request that is an id of something, and who tries it. */
  private static final Map<String, Theft> THEFTS =
      Map.of(
          "write.handle",
          new Theft(
              v ->
                  Request.newBuilder()
                      .setWrite(Write.newBuilder().setHandle(v.space().getHandle()))
                      .build(),
              ErrorCode.ERROR_MISUSE),
          "activate.handle",
          new Theft(v -> activate(v.space(), "stolen"), ErrorCode.ERROR_MISUSE),
          "activate.dependencies",
          new Theft(v -> Request.getDefaultInstance(), ErrorCode.ERROR_MISUSE),
          "free.handle",
          new Theft(
              v ->
                  Request.newBuilder()
                      .setFree(Free.newBuilder().setHandle(v.space().getHandle()))
                      .build(),
              ErrorCode.ERROR_MISUSE),
          "disconnect.session",
          new Theft(
              v ->
                  Request.newBuilder()
                      .setDisconnect(Disconnect.newBuilder().setSession(v.talker().session()))
                      .build(),
              ErrorCode.ERROR_FORBIDDEN));

  /** Ids that belong to the kernel: any client may learn them by ListModules. */
  private static final Set<String> PUBLIC =
      Set.of("pin.load_id", "call.load_id", "list_modules.after", "activate.compared_up_to");

  private final FuzzedKernel kernel = FuzzedKernel.withoutCpu();

  private Victim victim() {
    Talker talker = new Talker(kernel, 2, FuzzedKernel.USER_UID);
    Reply live = talker.ask(activate(space(talker), "base"));
    long loadId = live.getActivated().getLoadId();
    talker.ask(pin(loadId));
    return new Victim(talker, space(talker), loadId);
  }

  private static Allocated space(Talker talker) {
    return talker.allocate(
        Talker.segment(SegmentKind.TEXT, 4096), Talker.segment(SegmentKind.DATA, 4096));
  }

  private static Request activate(Allocated space, String name, long... dependencies) {
    Activate.Builder activate =
        Activate.newBuilder()
            .setHandle(space.getHandle())
            .setName(name)
            .setInit(space.getAddresses(0))
            .setExit(space.getAddresses(0))
            .setThisModule(space.getAddresses(1))
            .setThisModuleSize(896);
    for (long dependency : dependencies) {
      activate.addDependencies(dependency);
    }
    return Request.newBuilder().setActivate(activate).build();
  }

  private static Request pin(long loadId) {
    return Request.newBuilder()
        .setPin(Pin.newBuilder().setModule("base").setLoadId(loadId))
        .build();
  }

  private StatsReply stats() {
    Talker looker = new Talker(kernel, 99, FuzzedKernel.DAEMON_UID);
    StatsReply stats =
        looker.ask(Request.newBuilder().setStats(Stats.getDefaultInstance()).build()).getStats();
    looker.hangUp();
    return stats;
  }

  @TestFactory
  Stream<DynamicTest> aThiefGetsNothing() {
    return THEFTS.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> steal(e.getKey(), e.getValue())));
  }

  private static void steal(String field, Theft theft) {
    ForeignIdTest fresh = new ForeignIdTest();
    Victim victim = fresh.victim();
    StatsReply before = fresh.stats();
    Talker thief = new Talker(fresh.kernel, 3, FuzzedKernel.USER_UID);
    Request request =
        field.equals("activate.dependencies")
            ? activate(space(thief), "thief", victim.loadId())
            : theft.request().apply(victim);
    Reply answer = thief.ask(request);
    assertThat(answer.getError().getCode()).as("%s", answer).isEqualTo(theft.answer());
    boolean closing = theft.answer() == ErrorCode.ERROR_MISUSE;
    assertThat(thief.open()).isEqualTo(!closing);
    thief.hangUp();
    assertThat(fresh.stats()).isEqualTo(before);
    assertThat(victim.talker().open()).isTrue();
    Request use =
        Request.newBuilder()
            .setFree(Free.newBuilder().setHandle(victim.space().getHandle()))
            .build();
    assertThat(victim.talker().ask(use).hasDone()).as("the owner's still").isTrue();
  }

  @Test
  void aPinIsItsConnectionsOwn() {
    Victim victim = victim();
    Talker other = new Talker(kernel, 3, FuzzedKernel.USER_UID);
    assertThat(other.ask(pin(victim.loadId())).hasDone()).isTrue();
    assertThat(stats().getPins()).isEqualTo(2);
    other.hangUp();
    assertThat(stats().getPins()).as("only the one that hung up let go").isEqualTo(1);
    victim.talker().hangUp();
    assertThat(stats().getPins()).isZero();
  }

  @Test
  void aLoadIdReachesNothingThatIsNotLive() {
    Talker talker = new Talker(kernel, 2, FuzzedKernel.USER_UID);
    for (long id : new long[] {1, 2, -1, Long.MAX_VALUE}) {
      Call.Builder call = Call.newBuilder().setFunction(0xffffffffc0000000L).setLoadId(id);
      Reply reply = talker.ask(Request.newBuilder().setCall(call).build());
      assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_NOT_FOUND);
    }
  }

  @Test
  void noRequestWithAnIdIsLeftOut() {
    Set<String> ids = new TreeSet<>();
    for (FieldDescriptor request : Request.getDescriptor().getFields()) {
      Descriptor message = request.getMessageType();
      for (FieldDescriptor field : message.getFields()) {
        if (field.getType() == FieldDescriptor.Type.UINT64 && !isAmount(field.getName())) {
          ids.add(request.getName() + "." + field.getName());
        }
      }
    }
    Set<String> known = new TreeSet<>(THEFTS.keySet());
    known.addAll(PUBLIC);
    assertThat(ids).isEqualTo(known);
  }

  private static boolean isAmount(String field) {
    return Set.of("offset", "this_module_size").contains(field);
  }
}
