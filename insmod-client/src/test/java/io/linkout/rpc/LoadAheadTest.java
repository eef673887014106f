package io.linkout.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.link.Activated;
import io.linkout.link.Activation;
import io.linkout.link.Allocation;
import io.linkout.link.KernelException;
import io.linkout.link.SegmentKind;
import io.linkout.link.SegmentRequest;
import io.linkout.proto.wire.Done;
import io.linkout.proto.wire.Error;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Symbol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The next load is asked for while the kernel is at work with the one before it. */
class LoadAheadTest {
  private static final Allocation FIRST = new Allocation(8, List.of());
  private static final Activation ACTIVATION =
      new Activation(
          "m", "", "", "v", 0, 0, 0, 0, List.of(), List.of(), "ab12", "", List.of(), List.of(),
          "/m.ko", List.of());
  private static final List<SegmentRequest> PAGE =
      List.of(new SegmentRequest(SegmentKind.TEXT, 4096, 4096));
  private static final List<String> NAMES = List.of("a", "b", "c", "d");
  private static final Error NO = Error.newBuilder().setErrno(8).setMessage("no").build();

  /** Keeps the answer to an activation until what is asked behind it has come. */
  private static final class Slow implements FakeKernel.Script {
    private final List<Reply> kept = new ArrayList<>();
    private final boolean activates;

    Slow(boolean activates) {
      this.activates = activates;
    }

    @Override
    public List<Reply> answer(Request request) {
      Reply.Builder reply = Reply.newBuilder();
      switch (request.getKindCase()) {
        case ACTIVATE -> {
          if (activates) {
            reply.getActivatedBuilder().setLoadId(5);
          } else {
            reply.setError(NO);
          }
          kept.add(reply.build());
          return List.of();
        }
        case RESOLVE ->
            request
                .getResolve()
                .getNamesList()
                .forEach(
                    name ->
                        reply
                            .getResolvedBuilder()
                            .addSymbols(Symbol.newBuilder().setFound(true).setAddress(16)));
        case ALLOCATE -> reply.getAllocatedBuilder().setHandle(9).addAddresses(4096);
        default -> reply.setDone(Done.getDefaultInstance());
      }
      kept.add(reply.build());
      if (request.hasResolve()) {
        return List.of();
      }
      List<Reply> replies = List.copyOf(kept);
      kept.clear();
      return replies;
    }
  }

  private static Activated activate(KernelConnection kernel) {
    return kernel.activate(FIRST, ACTIVATION, () -> kernel.announce("next", PAGE, false, NAMES));
  }

  @Test
  void oneRoundTripForAnActivationAndAllTheNextLoadAsks() throws IOException {
    try (FakeKernel fake = new FakeKernel(new Slow(true));
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      long before = kernel.traffic().roundTrips();
      assertThat(activate(kernel).loadId()).isEqualTo(5);
      // Four names are two requests to this kernel, and two replies.
      assertThat(kernel.resolve(NAMES)).hasSize(4).allSatisfy(s -> assertThat(s).isNotNull());
      assertThat(kernel.allocate("next", PAGE).handle()).isEqualTo(9);
      assertThat(kernel.traffic().roundTrips()).isEqualTo(before + 1);
      assertThat(fake.requests()).hasSize(4);
    }
  }

  @Test
  void othersAreAnsweredInBetween() throws IOException {
    try (FakeKernel fake = new FakeKernel(new Slow(true));
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      activate(kernel);
      kernel.free(new Allocation(3, List.of()));
      assertThat(kernel.resolve(NAMES)).hasSize(4);
      assertThat(kernel.allocate("next", PAGE).handle()).isEqualTo(9);
      assertThat(fake.requests()).hasSize(5);
    }
  }

  @Test
  void otherNamesAreAskedForAnew() throws IOException {
    try (FakeKernel fake = new FakeKernel(new Slow(true));
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      activate(kernel);
      kernel.announce("other", PAGE, false);
      // What had come for the other one went back.
      assertThat(fake.requests().getLast().getFree().getHandle()).isEqualTo(9);
      assertThat(kernel.resolve(List.of("x"))).hasSize(1);
      assertThat(kernel.allocate("other", PAGE).handle()).isEqualTo(9);
      assertThat(fake.requests()).hasSize(7);
    }
  }

  @Test
  void whatWasAskedBehindARefusedActivationGoesBack() throws IOException {
    try (FakeKernel fake = new FakeKernel(new Slow(false));
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      assertThatThrownBy(() -> activate(kernel))
          .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.errno()).isEqualTo(8));
      kernel.withdraw();
      assertThat(fake.requests().getLast().getFree().getHandle()).isEqualTo(9);
      kernel.free(new Allocation(3, List.of()));
      assertThat(fake.requests()).hasSize(6);
    }
  }

  @Test
  void nothingElseIsAskedWhileAnActivationWaits() throws IOException {
    try (FakeKernel fake = new FakeKernel(new Slow(true));
        KernelConnection kernel = KernelConnection.open(fake.socket())) {
      assertThatThrownBy(
              () -> kernel.activate(FIRST, ACTIVATION, () -> kernel.resolve(List.of("x"))))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
