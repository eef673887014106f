package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.testing.RawClient;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Allocate;
import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.Argument;
import io.linkout.proto.wire.Call;
import io.linkout.proto.wire.ErrorCode;
import io.linkout.proto.wire.Export;
import io.linkout.proto.wire.Free;
import io.linkout.proto.wire.ListModules;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.ModuleState;
import io.linkout.proto.wire.ReadLog;
import io.linkout.proto.wire.Remove;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Resolve;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.SegmentSpec;
import io.linkout.proto.wire.Shutdown;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.Write;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What a client can say on the socket itself, right and wrong, and what is left of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(30)
class WireTest {
  private static final Request STATS =
      Request.newBuilder().setStats(Stats.getDefaultInstance()).build();
  private static final Request LIST =
      Request.newBuilder().setListModules(ListModules.getDefaultInstance()).build();

  private final TestDaemon daemon = new TestDaemon();
  private List<Long> before = List.of();

  @BeforeEach
  void record() throws IOException {
    daemon.guest.onLoad(image -> new LoadOutcome.Live(0, 1));
    before = daemon.figures();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(daemon.figures()).isEqualTo(before);
  }

  @AfterAll
  void stop() {
    daemon.close();
  }

  @Test
  void welcomeSaysWhoTheKernelIs() throws IOException {
    try (RawClient client = RawClient.connect(daemon.socket)) {
      Welcome welcome = client.send(RawClient.hello()).welcome();
      assertThat(welcome.getRefusal()).isEmpty();
      assertThat(welcome.getRelease()).isEqualTo("6.1.0-test");
      assertThat(welcome.getArchitecture()).isEqualTo("x86_64");
      assertThat(welcome.getBuildId().size()).isEqualTo(20);
      assertThat(welcome.getCpuFeaturesList()).containsExactly(7, 8);
      assertThat(welcome.getLimits().getFrameBytes()).isEqualTo(1 << 16);
      assertThat(welcome.getClientDirectory()).isEqualTo("/opt/client");
      assertThat(welcome.getPid()).isEqualTo((int) ProcessHandle.current().pid());
    }
  }

  @Test
  void aStrangersHelloIsRefused() throws IOException {
    List<Hello> hellos =
        List.of(
            Hello.getDefaultInstance(),
            RawClient.hello().toBuilder().setMagic(1).build(),
            RawClient.hello().toBuilder().setProtocolFingerprint("00").build());
    for (Hello hello : hellos) {
      try (RawClient client = RawClient.connect(daemon.socket)) {
        Welcome welcome = client.send(hello, STATS).welcome();
        assertThat(welcome.getRefusal()).isNotEmpty();
        assertThat(welcome.getProtocolFingerprint()).hasSize(64);
        client.awaitEnd();
      }
    }
  }

  @Test
  void garbageInPlaceOfHelloIsRefused() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      byte[] garbage = new byte[1 + random.nextInt(200)];
      random.nextBytes(garbage);
      // A length that says all of it is the frame, so that an answer is due.
      garbage[0] = (byte) Math.min(garbage.length - 1, 127);
      try (RawClient client = RawClient.connect(daemon.socket)) {
        assertThat(client.bytes(garbage).welcome().getRefusal()).isNotEmpty();
        client.awaitEnd();
      }
    }
  }

  @Test
  void aHelloLargerThanAnyIsRefused() throws IOException {
    try (RawClient client = RawClient.connect(daemon.socket)) {
      assertThat(client.bytes((byte) 0x81, (byte) 0x80, (byte) 0x04).welcome().getRefusal())
          .contains("65537 bytes");
      client.awaitEnd();
    }
  }

  @Test
  void framesThatAreNoRequestsEndTheConnection() throws IOException {
    byte[][] frames = {
      {2, (byte) 0xff, (byte) 0xff},
      {0},
      {1, 0},
      {-1, -1, -1, -1, -1, -1},
      {-1, -1, -1, -1, 0x7f},
      {-1, -1, -1, -1, 0x0f},
      {(byte) 0x81, (byte) 0x80, 0x04},
    };
    for (byte[] frame : frames) {
      try (RawClient client = daemon.open()) {
        allocate(client, 4096);
        Reply reply = client.bytes(frame).reply();
        assertThat(reply.getError().getClosing()).as("%s", reply).isTrue();
        assertThat(reply.getError().getMessage()).isNotEmpty();
        client.awaitEnd();
      }
    }
  }

  @Test
  void fuzzedRequestsNeverHurtTheKernel() throws IOException {
    Random random = new Random(11);
    byte[] good = activate(new long[] {1, 2}, 3, "fuzz").toByteArray();
    for (int i = 0; i < 300; i++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try (RawClient client = daemon.open()) {
        client.bytes((byte) bad.length).bytes(bad);
        Reply reply = client.reply();
        assertThat(reply.getKindCase()).isNotEqualTo(Reply.KindCase.ACTIVATED);
      }
    }
  }

  @Test
  void halfAFrameIsNoRequest() throws IOException {
    byte[] whole = LIST.toByteArray();
    try (RawClient client = daemon.open()) {
      allocate(client, 4096);
      client.bytes((byte) (whole.length + 5)).bytes(whole);
    }
  }

  @Test
  void everyPrefixOfALoadLeavesNothing() throws IOException {
    try (RawClient client = daemon.open()) {
      Allocated allocated = allocate(client, 4096);
      assertThat(TestDaemon.stats(client).getHandles()).isEqualTo(1);
      client.send(write(allocated.getHandle(), 0, 0, 8));
    }
    byte[] activate;
    try (RawClient client = daemon.open()) {
      Allocated allocated = allocate(client, 4096);
      activate = activate(addresses(allocated), allocated.getHandle(), "part").toByteArray();
    }
    for (int cut = 1; cut < activate.length; cut += 3) {
      try (RawClient client = daemon.open()) {
        allocate(client, 4096);
        client.bytes((byte) activate.length).bytes(java.util.Arrays.copyOf(activate, cut));
      }
    }
  }

  @Test
  void repliesComeInTheOrderOfTheRequests() throws IOException {
    try (RawClient client = daemon.open()) {
      Allocated allocated = allocate(client, 4096);
      client.send(
          write(allocated.getHandle(), 0, 0, 100),
          activate(addresses(allocated), allocated.getHandle(), "ordered"),
          LIST,
          remove("ordered"),
          LIST,
          STATS);
      assertThat(client.reply().hasActivated()).isTrue();
      assertThat(client.reply().getModules().getModulesList())
          .extracting(Module::getName)
          .containsExactly("ordered");
      assertThat(client.reply().hasRemoved()).isTrue();
      assertThat(client.reply().getModules().getModulesList()).isEmpty();
      assertThat(client.reply().hasStats()).isTrue();
    }
  }

  @Test
  void aForeignHandleIsRefused() throws IOException {
    try (RawClient owner = daemon.open();
        RawClient thief = daemon.open()) {
      long handle = allocate(owner, 4096).getHandle();
      thief.send(write(handle, 0, 0, 8), STATS);
      Reply reply = thief.reply();
      assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_MISUSE);
      thief.awaitEnd();
      assertThat(owner.ask(free(handle)).hasDone()).isTrue();
    }
  }

  @Test
  void writesPastTheEndAreRefused() throws IOException {
    for (long offset : new long[] {4089, 4096, 4097, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      try (RawClient client = daemon.open()) {
        Reply reply = client.ask(write(allocate(client, 4096).getHandle(), 0, offset, 8));
        assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_MISUSE);
        client.awaitEnd();
      }
    }
  }

  @Test
  void whatIsOnlyAllocatedShowsWhoHoldsIt() throws IOException {
    try (RawClient client = daemon.open()) {
      Allocated allocated = allocate(client, 4096);
      Module module = client.ask(LIST).getModules().getModules(0);
      assertThat(module.getState()).isEqualTo(ModuleState.STATE_UNFORMED);
      assertThat(module.getName()).isEqualTo("x");
      assertThat(module.getPid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(module.getSegments(0).getAddress()).isEqualTo(allocated.getAddresses(0));
    }
  }

  @Test
  void symbolsAreResolvedInOneBatch() throws IOException {
    try (RawClient client = daemon.open()) {
      Reply reply =
          client.ask(
              Request.newBuilder()
                  .setResolve(
                      Resolve.newBuilder().addNames("printk").addNames("no").addNames("gpl_thing"))
                  .build());
      assertThat(reply.getResolved().getSymbols(0).getAddress()).isEqualTo(0xffffffff81000000L);
      assertThat(reply.getResolved().getSymbols(0).getCrc()).isEqualTo(0x22222222);
      assertThat(reply.getResolved().getSymbols(1).getFound()).isFalse();
      assertThat(reply.getResolved().getSymbols(2).hasCrc()).isFalse();
      assertThat(reply.getResolved().getSymbols(2).getGplOnly()).isTrue();
    }
  }

  @Test
  void outputsLargerThanAllowedAreNeverMade() throws IOException {
    try (RawClient client = daemon.open()) {
      Call.Builder call = Call.newBuilder().setFunction(1);
      for (int i = 0; i < 12; i++) {
        call.addArguments(Argument.newBuilder().setOutput(-1));
      }
      Reply reply = client.ask(Request.newBuilder().setCall(call).build());
      assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_LIMIT);
      client.awaitEnd();
    }
  }

  @Test
  void ofManyLoadsOfOneNameOneWins() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    daemon.guest.onLoad(
        image -> {
          await(gate);
          return new LoadOutcome.Live(0, 1);
        });
    try (RawClient a = daemon.open();
        RawClient b = daemon.open();
        RawClient c = daemon.open()) {
      int live = 0;
      int there = 0;
      for (RawClient client : List.of(a, b, c)) {
        Allocated allocated = allocate(client, 4096);
        client.send(activate(addresses(allocated), allocated.getHandle(), "same"));
      }
      assertThat(b.reply().getError().getErrnoName()).isEqualTo("EEXIST");
      gate.countDown();
      for (RawClient client : List.of(a, c)) {
        Reply reply = client.reply();
        live += reply.hasActivated() ? 1 : 0;
        there += reply.getError().getErrno() == 17 ? 1 : 0;
      }
      assertThat(live).isEqualTo(1);
      assertThat(there).isEqualTo(1);
      assertThat(a.ask(remove("same")).hasRemoved()).isTrue();
    }
  }

  @Test
  void aLongInitDelaysNoListAllocationOrDisconnect() throws IOException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    daemon.guest.onLoad(
        image -> {
          begun.countDown();
          await(gate);
          return new LoadOutcome.Live(0, 1);
        });
    try (RawClient loader = daemon.open();
        RawClient other = daemon.open()) {
      Allocated allocated = allocate(loader, 4096);
      loader.send(activate(addresses(allocated), allocated.getHandle(), "slow"));
      await(begun);
      assertThat(other.ask(LIST).getModules().getModules(0).getState())
          .isEqualTo(ModuleState.STATE_COMING);
      assertThat(other.ask(free(allocate(other, 4096).getHandle())).hasDone()).isTrue();
      Allocated waiting = allocate(other, 4096);
      other.send(activate(addresses(waiting), waiting.getHandle(), "queued"));
      other.hangUp();
      try (RawClient third = daemon.open()) {
        while (third.ask(LIST).getModules().getModulesCount() > 1) {
          Thread.onSpinWait();
        }
        assertThat(daemon.guest.journal()).as("called off").doesNotContain("load queued");
      }
      gate.countDown();
      assertThat(loader.reply().hasActivated()).isTrue();
      assertThat(loader.ask(remove("slow")).hasRemoved()).isTrue();
    }
  }

  @Test
  void anInitWhoseLoaderDiesIsHeardToItsEnd() throws IOException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    daemon.guest.onLoad(
        image -> {
          begun.countDown();
          await(gate);
          return new LoadOutcome.Live(0, 1);
        });
    try (RawClient loader = daemon.open()) {
      Allocated allocated = allocate(loader, 4096);
      loader.send(activate(addresses(allocated), allocated.getHandle(), "orphan"));
      await(begun);
    }
    try (RawClient client = daemon.open()) {
      while (TestDaemon.stats(client).getSessions() > 0) {
        Thread.onSpinWait();
      }
      gate.countDown();
      while (client.ask(LIST).getModules().getModules(0).getState() != ModuleState.STATE_LIVE) {
        Thread.onSpinWait();
      }
      assertThat(client.ask(remove("orphan")).hasRemoved()).isTrue();
    }
  }

  @Test
  void aClientThatAsksAndDoesNotReadIsRefusedInTheEndAndHarmsNoOne() throws Exception {
    try (RawClient deaf = daemon.open();
        RawClient other = daemon.open()) {
      // The answers are well over what a socket holds, so in the end too many are owed.
      Request list =
          Request.newBuilder()
              .setResolve(
                  Resolve.newBuilder().addAllNames(java.util.Collections.nCopies(100, "printk")))
              .build();
      AtomicReference<IOException> broken = new AtomicReference<>();
      Thread sender =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 2000; i++) {
                        deaf.send(list);
                      }
                    } catch (IOException e) {
                      broken.set(e);
                    }
                  });
      while (sender.isAlive()) {
        assertThat(TestDaemon.stats(other).getSessions()).isLessThan(2);
      }
      sender.join();
      assertThat(broken.get()).isNull();
      Reply last = deaf.reply();
      while (!last.hasError()) {
        last = deaf.reply();
      }
      assertThat(last.getError().getMessage()).contains("requests without an answer");
      deaf.awaitEnd();
    }
  }

  @Test
  void aFollowerIsSentWhatIsLogged() throws IOException {
    try (RawClient follower = daemon.open()) {
      follower.send(Request.newBuilder().setReadLog(ReadLog.newBuilder().setFollow(true)).build());
      String text = "";
      while (!text.contains("booted")) {
        text += follower.reply().getLog();
      }
    }
  }

  @Test
  void connectionsThatKeepItWaitingAreClosed() throws IOException {
    Duration soon = Duration.ofMillis(50);
    Duration late = Duration.ofMinutes(10);
    try (TestDaemon hasty = new TestDaemon(new Deadlines.Allowance(soon, late, late))) {
      try (RawClient client = RawClient.connect(hasty.socket)) {
        assertThat(client.welcome().getRefusal()).contains("no Hello");
        client.awaitEnd();
      }
    }
    try (TestDaemon hasty = new TestDaemon(new Deadlines.Allowance(late, soon, late))) {
      try (RawClient client = hasty.open()) {
        assertThat(client.bytes((byte) 5, (byte) 1).reply().getError().getErrnoName())
            .isEqualTo("ETIMEDOUT");
        client.awaitEnd();
      }
      try (RawClient idle = hasty.open()) {
        assertThat(idle.ask(STATS).hasStats()).isTrue();
      }
    }
    try (TestDaemon hasty =
        new TestDaemon(
            new Deadlines.Allowance(late, late, soon),
            new io.linkout.kernel.session.Limits(
                1 << 16, 100_000, 100, 8, 1 << 24, 100, 12, 4096, 64, 32, 256))) {
      try (RawClient deaf = hasty.open()) {
        Request names =
            Request.newBuilder()
                .setResolve(
                    Resolve.newBuilder().addAllNames(java.util.Collections.nCopies(100, "printk")))
                .build();
        Request[] many = new Request[5000];
        java.util.Arrays.fill(many, names);
        // Returns once all is taken or the kernel has closed; it only closes because of the reply.
        deaf.send(many);
        assertThat(hasty.settled().getSessions()).isZero();
      }
    }
  }

  @Test
  void shutdownIsAnsweredAndThenDone() throws IOException, InterruptedException {
    try (TestDaemon other = new TestDaemon()) {
      try (RawClient client = other.open();
          RawClient idle = other.open()) {
        Reply reply =
            client.ask(Request.newBuilder().setShutdown(Shutdown.getDefaultInstance()).build());
        assertThat(reply.hasDone()).isTrue();
        client.awaitEnd();
        idle.awaitEnd();
      }
      other.awaitEnd();
      assertThat(other.socket).doesNotExist();
      assertThatThrownBy(other::open).isInstanceOf(IOException.class);
    }
  }

  @Test
  void stoppingEndsAnInitThatDoesNotEndByItself() throws IOException, InterruptedException {
    try (TestDaemon other = new TestDaemon()) {
      CountDownLatch begun = new CountDownLatch(1);
      other.guest.onLoad(
          image -> {
            begun.countDown();
            other.guest.awaitInterrupt();
            return new LoadOutcome.SoftLockup(List.of("watchdog"));
          });
      try (RawClient client = other.open()) {
        Allocated allocated = allocate(client, 4096);
        client.send(activate(addresses(allocated), allocated.getHandle(), "endless"));
        await(begun);
        other.stop();
        assertThat(client.reply().getError().getErrnoName()).isEqualTo("ETIMEDOUT");
        client.awaitEnd();
      }
      other.awaitEnd();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Allocated allocate(RawClient client, long size) throws IOException {
    Reply reply =
        client.ask(
            Request.newBuilder()
                .setAllocate(
                    Allocate.newBuilder()
                        .setName("x")
                        .addSegments(segment(SegmentKind.TEXT, size))
                        .addSegments(segment(SegmentKind.DATA, size)))
                .build());
    assertThat(reply.hasAllocated()).as("%s", reply).isTrue();
    return reply.getAllocated();
  }

  private static SegmentSpec segment(SegmentKind kind, long size) {
    return SegmentSpec.newBuilder().setKind(kind).setSize(size).setAlignment(4096).build();
  }

  private static long[] addresses(Allocated allocated) {
    return allocated.getAddressesList().stream().mapToLong(Long::longValue).toArray();
  }

  private static Request activate(long[] addresses, long handle, String name) {
    return Request.newBuilder()
        .setActivate(
            Activate.newBuilder()
                .setHandle(handle)
                .setName(name)
                .setInit(addresses[0])
                .setExit(addresses[0] + 8)
                .setThisModule(addresses[1])
                .setThisModuleSize(64)
                .addExports(Export.newBuilder().setName(name + "_symbol").setAddress(addresses[0]))
                .setBuildId(ByteString.copyFrom(new byte[] {1, 2})))
        .build();
  }

  private static Request write(long handle, int segment, long offset, int bytes) {
    return Request.newBuilder()
        .setWrite(
            Write.newBuilder()
                .setHandle(handle)
                .setSegment(segment)
                .setOffset(offset)
                .setContent(ByteString.copyFrom(new byte[bytes])))
        .build();
  }

  private static Request free(long handle) {
    return Request.newBuilder().setFree(Free.newBuilder().setHandle(handle)).build();
  }

  private static Request remove(String name) {
    return Request.newBuilder().setRemove(Remove.newBuilder().setName(name)).build();
  }
}
