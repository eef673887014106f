package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Allocate;
import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.Export;
import io.linkout.proto.wire.Free;
import io.linkout.proto.wire.ListModules;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.SegmentSpec;
import io.linkout.proto.wire.Table;
import io.linkout.proto.wire.TableKind;
import io.linkout.proto.wire.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A client may say anything: it is refused, its session is closed, and the kernel is unharmed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class HostileClientTest {
  private final Daemon daemon = Daemon.start();
  private Map<String, Long> before = Map.of();

  @BeforeEach
  void recordFigures() {
    before = daemon.nine();
  }

  @AfterEach
  void nothingIsLeft() {
    daemon.awaitNoSessions();
    assertThat(daemon.nine()).isEqualTo(before);
    daemon.run("insmod", Tool.example("hello")).ok();
    daemon.run("rmmod", "hello").ok();
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  @Test
  void garbageInPlaceOfHello() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      try (Wire wire = Wire.connect(daemon.socket())) {
        byte[] garbage = new byte[1 + random.nextInt(300)];
        random.nextBytes(garbage);
        garbage[0] = (byte) Math.min(garbage.length - 1, 127);
        wire.bytes(garbage);
        wire.shutdownOutput();
        drain(wire);
      }
    }
  }

  @Test
  void wrongFingerprintIsToldBothSidesAndClosed() throws IOException {
    try (Wire wire = Wire.connect(daemon.socket())) {
      wire.send(
          Hello.newBuilder()
              .setMagic(0x4c4e4b4f)
              .setClientRelease("9.9")
              .setProtocolFingerprint("00")
              .build());
      Welcome welcome = wire.welcome();
      assertThat(welcome.getRefusal()).isNotEmpty();
      assertThat(welcome.getProtocolFingerprint()).matches("[0-9a-f]{64}");
      assertThat(wire.closed()).isTrue();
    }
  }

  @Test
  void garbageAfterHello() throws IOException {
    try (Wire wire = Wire.open(daemon.socket())) {
      wire.bytes(Wire.framed("\u00ff\u00fe garbage".getBytes(StandardCharsets.ISO_8859_1)));
      assertRefused(wire);
    }
  }

  @Test
  void aHugeLength() throws IOException {
    try (Wire wire = Wire.open(daemon.socket())) {
      wire.bytes(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07});
      assertRefused(wire);
    }
  }

  @Test
  void aLengthThatNeverEnds() throws IOException {
    try (Wire wire = Wire.open(daemon.socket())) {
      wire.bytes(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
      assertRefused(wire);
    }
  }

  @Test
  void halfAFrame() throws IOException {
    try (Wire wire = Wire.open(daemon.socket())) {
      allocate(wire, 4096);
      byte[] whole =
          Wire.framed(
              Request.newBuilder()
                  .setListModules(ListModules.getDefaultInstance())
                  .build()
                  .toByteArray());
      wire.bytes(java.util.Arrays.copyOf(whole, whole.length - 1));
    }
  }

  @Test
  void aHandleOfAnotherConnection() throws IOException {
    try (Wire owner = Wire.open(daemon.socket());
        Wire thief = Wire.open(daemon.socket())) {
      Allocated allocated = allocate(owner, 4096);
      thief.send(write(allocated.getHandle(), 0, 0, new byte[8]));
      assertRefused(thief);
      assertThat(free(owner, allocated.getHandle()).hasDone()).isTrue();
    }
  }

  @Test
  void aWriteBeyondItsSegment() throws IOException {
    for (long offset : new long[] {4089, 4096, Long.MAX_VALUE, -1}) {
      try (Wire wire = Wire.open(daemon.socket())) {
        wire.send(write(allocate(wire, 4096).getHandle(), 0, offset, new byte[8]));
        assertRefused(wire);
      }
    }
  }

  @Test
  void aWriteToASegmentThatIsNotThere() throws IOException {
    try (Wire wire = Wire.open(daemon.socket())) {
      wire.send(write(allocate(wire, 4096).getHandle(), 1, 0, new byte[8]));
      assertRefused(wire);
    }
  }

  @Test
  void anEntryOutsideItsSegments() throws IOException {
    refuseActivate((a, base) -> a.setInit(base + 4096));
    refuseActivate((a, base) -> a.setInit(0xffffffff81000000L));
    refuseActivate((a, base) -> a.setExit(base - 1));
  }

  @Test
  void anExportOutsideItsSegments() throws IOException {
    refuseActivate(
        (a, base) ->
            a.addExports(Export.newBuilder().setName("stolen").setAddress(0xffffffff81000000L)));
  }

  @Test
  void aTableOutsideItsSegments() throws IOException {
    refuseActivate(
        (a, base) ->
            a.addTables(
                Table.newBuilder()
                    .setKind(TableKind.EX_TABLE)
                    .setAddress(base + 4096 - 12)
                    .setLength(24)));
  }

  @Test
  void aDependencyItHasNotPinned() throws IOException {
    refuseActivate((a, base) -> a.addDependencies(12345));
  }

  @Test
  void handlesWithoutEnd() throws IOException {
    try (Wire wire = Wire.open(daemon.socket())) {
      Reply last = Reply.getDefaultInstance();
      for (int i = 0; i < 1_000_000 && !last.hasError(); i++) {
        last =
            wire.ask(
                Request.newBuilder()
                    .setAllocate(Allocate.newBuilder().addSegments(segment(1 << 20)).setName("x"))
                    .build());
      }
      assertThat(last.hasError()).isTrue();
    }
  }

  @Test
  void anAllocationLargerThanTheAddressSpace() throws IOException {
    for (long size : new long[] {0, -1, Long.MAX_VALUE, 1L << 40}) {
      try (Wire wire = Wire.open(daemon.socket())) {
        Reply reply =
            wire.ask(
                Request.newBuilder()
                    .setAllocate(Allocate.newBuilder().addSegments(segment(size)).setName("x"))
                    .build());
        assertThat(reply.hasError()).isTrue();
      }
    }
  }

  @FunctionalInterface
  private interface Spoil {
    void spoil(Activate.Builder activate, long base);
  }

  private void refuseActivate(Spoil spoil) throws IOException {
    try (Wire wire = Wire.open(daemon.socket())) {
      Allocated allocated = allocate(wire, 4096);
      long base = allocated.getAddresses(0);
      Activate.Builder activate =
          Activate.newBuilder()
              .setHandle(allocated.getHandle())
              .setName("hostile")
              .setThisModule(base)
              .setThisModuleSize(8)
              .setBuildId(ByteString.copyFrom(new byte[20]));
      spoil.spoil(activate, base);
      wire.send(Request.newBuilder().setActivate(activate).build());
      Reply reply = wire.reply();
      assertThat(reply.hasError()).as("%s", reply).isTrue();
    }
    assertThat(daemon.live()).doesNotContain("hostile");
  }

  private static void assertRefused(Wire wire) throws IOException {
    Reply reply = wire.reply();
    assertThat(reply.hasError()).as("%s", reply).isTrue();
    assertThat(reply.getError().getClosing()).isTrue();
    assertThat(reply.getError().getMessage()).isNotEmpty();
    assertThat(wire.closed()).isTrue();
  }

  private static void drain(Wire wire) {
    try {
      while (!wire.closed()) {
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static SegmentSpec segment(long size) {
    return SegmentSpec.newBuilder()
        .setKind(SegmentKind.TEXT)
        .setSize(size)
        .setAlignment(4096)
        .build();
  }

  private static Allocated allocate(Wire wire, long size) throws IOException {
    Reply reply =
        wire.ask(
            Request.newBuilder()
                .setAllocate(Allocate.newBuilder().addSegments(segment(size)).setName("x"))
                .build());
    assertThat(reply.hasAllocated()).as("%s", reply).isTrue();
    return reply.getAllocated();
  }

  private static Reply free(Wire wire, long handle) throws IOException {
    return wire.ask(Request.newBuilder().setFree(Free.newBuilder().setHandle(handle)).build());
  }

  private static Request write(long handle, int segment, long offset, byte[] bytes) {
    return Request.newBuilder()
        .setWrite(
            Write.newBuilder()
                .setHandle(handle)
                .setSegment(segment)
                .setOffset(offset)
                .setContent(ByteString.copyFrom(bytes)))
        .build();
  }
}
