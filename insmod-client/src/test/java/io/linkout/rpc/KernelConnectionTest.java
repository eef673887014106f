package io.linkout.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.link.Activated;
import io.linkout.link.Activation;
import io.linkout.link.Allocation;
import io.linkout.link.KernelException;
import io.linkout.link.KernelSymbol;
import io.linkout.link.SegmentKind;
import io.linkout.link.SegmentRequest;
import io.linkout.proto.Protocol;
import io.linkout.proto.wire.Allocate;
import io.linkout.proto.wire.Error;
import io.linkout.proto.wire.ErrorCode;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Resolved;
import io.linkout.proto.wire.Symbol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The connection: what leaves in which order, and what a refusal turns into. */
class KernelConnectionTest {
  private static final Activation ACTIVATION =
      new Activation(
          "m", "", "", "v", 0, 0, 0, 0, List.of(), List.of(), "ab12", "", List.of(), List.of(),
          "/m.ko", List.of());

  @Test
  void aLoadTakesOneRoundTripEachToAllocateAndToActivate() throws IOException {
    byte[] content = new byte[200_000];
    new Random(7).nextBytes(content);
    try (FakeKernel fake = new FakeKernel(KernelConnectionTest::loader);
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      long before = kernel.traffic().roundTrips();
      Allocation allocation =
          kernel.allocate("m", List.of(new SegmentRequest(SegmentKind.TEXT, 200_000, 4096)));
      assertThat(allocation).isEqualTo(new Allocation(9, List.of(0xffffffffa0000000L)));
      kernel.write(allocation, 0, 16, ByteBuffer.wrap(content));
      assertThat(kernel.activate(allocation, ACTIVATION)).isEqualTo(new Activated(5, 1, 20, 10));
      assertThat(kernel.traffic().roundTrips()).isEqualTo(before + 2);

      ByteArrayOutputStream written = new ByteArrayOutputStream();
      for (Request request : fake.requests()) {
        assertThat(request.getSerializedSize()).isLessThanOrEqualTo(1 << 16);
        if (request.hasWrite()) {
          assertThat(request.getWrite().getHandle()).isEqualTo(9);
          assertThat(request.getWrite().getOffset()).isEqualTo(16 + written.size());
          request.getWrite().getContent().writeTo(written);
        }
      }
      assertThat(written.toByteArray()).isEqualTo(content);
    }
  }

  private static final List<SegmentRequest> PAGE =
      List.of(new SegmentRequest(SegmentKind.TEXT, 4096, 4096));

  /** Answers a Resolve only once the Allocate is there as well. */
  private static List<Reply> together(Request request) {
    if (request.hasResolve()) {
      return List.of();
    }
    if (request.hasFree()) {
      return List.of(
          Reply.newBuilder().setDone(io.linkout.proto.wire.Done.getDefaultInstance()).build());
    }
    Reply.Builder symbols = Reply.newBuilder();
    symbols.getResolvedBuilder().addSymbols(Symbol.newBuilder().setFound(true).setAddress(1));
    return List.of(symbols.build(), loader(request).getFirst());
  }

  @Test
  void whatIsAnnouncedIsAskedForWithTheSymbols() throws IOException {
    try (FakeKernel fake = new FakeKernel(KernelConnectionTest::together);
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      kernel.announce("m", PAGE, false);
      assertThat(kernel.resolve(List.of("a"))).hasSize(1);
      assertThat(kernel.allocate("m", PAGE).handle()).isEqualTo(9);
      assertThat(fake.requests()).hasSize(2);
      // Used once: the next asks again.
      kernel.free(new Allocation(9, List.of()));
      assertThat(fake.requests()).hasSize(3);
    }
  }

  @Test
  void spaceThatCameEarlyAndIsNotUsedIsGivenBack() throws IOException {
    try (FakeKernel fake = new FakeKernel(KernelConnectionTest::together);
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      kernel.announce("m", PAGE, false);
      kernel.resolve(List.of("a"));
      kernel.withdraw();
      assertThat(fake.requests().getLast().getFree().getHandle()).isEqualTo(9);
      kernel.withdraw();
      assertThat(fake.requests()).hasSize(3);
    }
  }

  @Test
  void aRefusalOfEarlySpaceIsToldWhenItIsAskedFor() throws IOException {
    Error full = Error.newBuilder().setErrno(12).setMessage("no space").build();
    try (FakeKernel fake =
            new FakeKernel(
                request ->
                    request.hasAllocate()
                        ? List.of(Reply.newBuilder().setError(full).build())
                        : List.of(Reply.newBuilder().setResolved(Resolved.newBuilder()).build()));
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      kernel.announce("m", PAGE, false);
      kernel.resolve(List.of());
      assertThatThrownBy(() -> kernel.allocate("m", PAGE))
          .isInstanceOf(KernelException.class)
          .hasMessageContaining("no space");
      kernel.withdraw();
    }
  }

  /** Answers an Allocate only once the ListModules is there as well. */
  private static List<Reply> listing(Request request) {
    if (request.hasAllocate()) {
      return List.of();
    }
    if (request.hasActivate()) {
      return loader(request);
    }
    Reply.Builder modules = Reply.newBuilder();
    long after = request.getListModules().getAfter();
    modules.getModulesBuilder().addModules(Module.newBuilder().setLoadId(after + 1));
    Request allocate = Request.newBuilder().setAllocate(Allocate.getDefaultInstance()).build();
    return List.of(loader(allocate).getFirst(), modules.build());
  }

  @Test
  void aListingThatIsAnnouncedCostsNoRoundTrip() throws IOException {
    try (FakeKernel fake = new FakeKernel(KernelConnectionTest::listing);
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      long before = kernel.traffic().roundTrips();
      kernel.announce("m", PAGE, 4);
      Allocation allocation = kernel.allocate("m", PAGE);
      assertThat(new KernelQueries(kernel).modules(4))
          .singleElement()
          .satisfies(module -> assertThat(module.loadId()).isEqualTo(5));
      kernel.activate(allocation, ACTIVATION, 5, () -> {});
      assertThat(kernel.traffic().roundTrips()).isEqualTo(before + 2);
      assertThat(fake.requests().getLast().getActivate().getComparedUpTo()).isEqualTo(5);
    }
  }

  @Test
  void aListingThatIsAskedForFirstTakesTheSpaceAlong() throws IOException {
    try (FakeKernel fake = new FakeKernel(KernelConnectionTest::listing);
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      kernel.announce("m", PAGE, 4);
      assertThat(new KernelQueries(kernel).modules(4)).hasSize(1);
      assertThat(kernel.allocate("m", PAGE).handle()).isEqualTo(9);
      assertThat(fake.requests()).hasSize(2);
    }
  }

  @Test
  void aStaleActivationIsToldApart() throws IOException {
    Error stale =
        Error.newBuilder().setCode(ErrorCode.ERROR_STALE).setErrno(116).setMessage("old").build();
    Error init = stale.toBuilder().setCode(ErrorCode.ERROR_INIT_FAILED).build();
    for (Error error : List.of(stale, init)) {
      try (FakeKernel fake =
              new FakeKernel(request -> List.of(Reply.newBuilder().setError(error).build()));
          KernelConnection kernel = KernelConnection.open(fake.socket())) {
        assertThatThrownBy(
                () -> kernel.activate(new Allocation(9, List.of()), ACTIVATION, 5, () -> {}))
            .isInstanceOf(error.equals(stale) ? StaleException.class : KernelException.class)
            .satisfies(e -> assertThat(e instanceof StaleException).isEqualTo(error.equals(stale)));
      }
    }
  }

  private static List<Reply> loader(Request request) {
    Reply.Builder reply = Reply.newBuilder();
    if (request.hasWrite()) {
      return List.of();
    }
    if (request.hasAllocate()) {
      reply.getAllocatedBuilder().setHandle(9).addAddresses(0xffffffffa0000000L);
    } else {
      assertThat(request.getActivate().getBuildId().toByteArray())
          .isEqualTo(new byte[] {(byte) 0xab, 0x12});
      reply.getActivatedBuilder().setLoadId(5).setInitResult(1).setTotalNs(20).setInitNs(10);
    }
    return List.of(reply.build());
  }

  @Test
  void namesOverTheLimitAreAskedInSeveralFramesAtOnce() throws IOException {
    try (FakeKernel fake =
            new FakeKernel(
                request -> {
                  Resolved.Builder resolved = Resolved.newBuilder();
                  for (String name : request.getResolve().getNamesList()) {
                    resolved.addSymbols(
                        Symbol.newBuilder().setFound(!name.equals("b")).setAddress(name.charAt(0)));
                  }
                  return List.of(Reply.newBuilder().setResolved(resolved).build());
                });
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      List<@Nullable KernelSymbol> symbols = kernel.resolve(List.of("a", "b", "c", "d"));
      assertThat(symbols)
          .containsExactly(
              new KernelSymbol("a", 'a', null, false, "", "", 0),
              null,
              new KernelSymbol("c", 'c', null, false, "", "", 0),
              new KernelSymbol("d", 'd', null, false, "", "", 0));
      assertThat(fake.requests()).hasSize(2).allMatch(r -> r.getResolve().getPin());
      kernel.lookUp(List.of("a"));
      assertThat(fake.requests().getLast().getResolve().getPin()).isFalse();
    }
  }

  @Test
  void aClosedConnectionIsReportedWithTheKernelsLastWord() throws IOException {
    Error limit =
        Error.newBuilder().setErrno(12).setMessage("too much held").setClosing(true).build();
    try (FakeKernel fake =
            new FakeKernel(
                request ->
                    request.hasAllocate()
                        ? loader(request)
                        : List.of(Reply.newBuilder().setError(limit).build()));
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      Allocation allocation =
          kernel.allocate("m", List.of(new SegmentRequest(SegmentKind.TEXT, 1, 4096)));
      assertThatThrownBy(
              () -> {
                // the kernel answers the first of these and goes; sooner or later a send fails
                for (int i = 0; i < 10_000; i++) {
                  kernel.write(allocation, 0, 0, ByteBuffer.wrap(new byte[60_000]));
                }
                kernel.activate(allocation, ACTIVATION);
              })
          .isInstanceOfSatisfying(
              KernelException.class,
              e -> {
                assertThat(e.reason()).isEqualTo("too much held");
                assertThat(e.errno()).isEqualTo(12);
              });
    }
  }

  @Test
  void aConnectionThatJustEndsIsSaidToHaveEnded() throws IOException {
    try (FakeKernel fake = new FakeKernel(request -> null);
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      assertThatThrownBy(() -> new KernelQueries(kernel).modules())
          .isInstanceOf(KernelException.class)
          .hasMessageStartingWith("the kernel closed the connection");
    }
  }

  @Test
  void anotherProtocolIsNamedOnBothSides() throws IOException {
    try (FakeKernel fake =
        new FakeKernel(
            FakeKernel.WELCOME.toBuilder()
                .setProtocolFingerprint("ffff")
                .setDaemonRelease("9.9")
                .setClientDirectory("/opt/linkout")
                .setRefusal("another protocol")
                .build(),
            request -> null)) {
      assertThatThrownBy(() -> KernelConnection.open(fake.socket()))
          .isInstanceOf(KernelException.class)
          .hasMessage(
              "this client speaks protocol "
                  + Protocol.fingerprint()
                  + " (release "
                  + Protocol.RELEASE
                  + "), the kernel speaks ffff (release 9.9): use /opt/linkout");
    }
  }

  @Test
  void aKernelOfAnyProtocolTellsItsRelease() throws IOException {
    FakeKernel.Script silent = request -> null;
    var other = FakeKernel.WELCOME.toBuilder().setProtocolFingerprint("ffff");
    try (FakeKernel fake = new FakeKernel(other.setRefusal("another protocol").build(), silent)) {
      assertThat(KernelConnection.release(fake.socket())).isEqualTo("6.1.0-linkout");
    }
    var full = FakeKernel.WELCOME.toBuilder().setRefusal("too many sessions");
    try (FakeKernel fake = new FakeKernel(full.build(), silent)) {
      assertThatThrownBy(() -> KernelConnection.release(fake.socket()))
          .hasMessage("too many sessions");
    }
  }

  @Test
  void aRefusalOfTheKernelIsPassedOn() throws IOException {
    try (FakeKernel fake =
        new FakeKernel(
            FakeKernel.WELCOME.toBuilder().setRefusal("uid 7 may not connect").build(),
            request -> null)) {
      assertThatThrownBy(() -> KernelConnection.open(fake.socket()))
          .hasMessage("uid 7 may not connect");
    }
  }

  @Test
  void whatIsNoKernelIsSaidToBeNone() throws IOException {
    try (FakeKernel fake =
        new FakeKernel(FakeKernel.WELCOME.toBuilder().setMagic(1).build(), request -> null)) {
      assertThatThrownBy(() -> KernelConnection.open(fake.socket()))
          .hasMessage("what listens at " + fake.socket() + " is no Linkout kernel");
    }
  }

  @Test
  void noDaemonIsSaidInOneLine() {
    assertThatThrownBy(() -> KernelConnection.open("/nowhere/k.sock"))
        .isInstanceOf(KernelException.class)
        .hasMessage("no kernel at /nowhere/k.sock: is kernel-sim running?");
  }
}
