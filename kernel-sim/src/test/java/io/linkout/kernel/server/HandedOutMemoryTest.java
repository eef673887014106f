package io.linkout.kernel.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.PlacedSegment;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.Free;
import io.linkout.proto.wire.Remove;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.SegmentSpec;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client is given is zero, whoever had it before and however it came back. */
class HandedOutMemoryTest {
  private static final List<SegmentSpec> SEGMENTS =
      List.of(
          Talker.segment(SegmentKind.TEXT, 4096),
          Talker.segment(SegmentKind.RODATA, 5000),
          Talker.segment(SegmentKind.DATA, 1 << 15),
          Talker.segment(SegmentKind.INIT_DATA, 4096),
          Talker.segment(SegmentKind.PERCPU, 512));

  private static final int[] RETURN_0 = {0x31, 0xc0, 0xc3};
  private static final int[] RETURN_EIO = {0xb8, 0xfb, 0xff, 0xff, 0xff, 0xc3};
  private static final int[] DIE = {0x0f, 0x0b};

  /** How the memory of the one before came back. */
  enum Way {
    FREED,
    HUNG_UP,
    INIT_FAILED,
    DIED,
    REMOVED
  }

  private final FuzzedKernel kernel = FuzzedKernel.withCpu();

  @ParameterizedTest
  @EnumSource(Way.class)
  void itIsZeroWhoeverHadItBefore(Way way) {
    Talker first = new Talker(kernel, 2, FuzzedKernel.USER_UID);
    Allocated dirty = allocate(first);
    for (int i = 0; i < SEGMENTS.size(); i++) {
      byte[] secret = new byte[(int) SEGMENTS.get(i).getSize()];
      Arrays.fill(secret, (byte) 0xa5);
      if (i == 0) {
        put(secret, code(way));
      }
      first.write(dirty.getHandle(), i, secret);
    }
    giveBack(way, first, dirty);

    Talker second = new Talker(kernel, 3, FuzzedKernel.DAEMON_UID);
    Allocated clean = allocate(second);
    assertThat(clean.getAddressesList())
        .as("the same space, so that this can fail")
        .isEqualTo(dirty.getAddressesList());
    Handle handle = kernel.handles.handles().iterator().next();
    for (PlacedSegment segment : handle.segments()) {
      int size = (int) segment.host().byteSize();
      assertThat(segment.host().mismatch(MemorySegment.ofArray(new byte[size]))).isEqualTo(-1);
    }
    for (int i = 1; i < SEGMENTS.size(); i++) {
      assertThat(bytesThatAreNotZero(clean.getAddresses(i), i)).as("segment %d", i).isZero();
    }
  }

  /** Has a module of the second client's look at its segment {@code index}. */
  private long bytesThatAreNotZero(long address, int index) {
    Talker looker = new Talker(kernel, 10 + index, FuzzedKernel.DAEMON_UID);
    SegmentSpec spec = SEGMENTS.get(index);
    boolean perCpu = spec.getKind() == SegmentKind.PERCPU;
    Allocated mine =
        looker.allocate(
            Talker.segment(SegmentKind.TEXT, 4096), Talker.segment(SegmentKind.DATA, 4096), spec);
    long at = mine.getAddresses(2) + (perCpu ? GuestLayout.PERCPU : 0);
    ByteBuffer code = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    put(code, 0x48, 0xbf); // movabs $at, %rdi
    code.putLong(at);
    put(code, 0xb9); // mov $size, %ecx
    code.putInt((int) spec.getSize());
    put(code, 0x31, 0xc0, 0xf3, 0xae); // xor %eax, %eax; repe scasb
    put(code, 0x0f, 0x95, 0xc0, 0x0f, 0xb6, 0xc0, 0xc3); // setne %al; movzbl %al, %eax; ret
    looker.write(mine.getHandle(), 0, code.array());
    Reply reply = activate(looker, mine, 1, "looker");
    assertThat(reply.hasActivated()).as("%s at %x", reply, address).isTrue();
    looker.ask(remove("looker"));
    return reply.getActivated().getInitResult();
  }

  private static Allocated allocate(Talker talker) {
    return talker.allocate(SEGMENTS.toArray(SegmentSpec[]::new));
  }

  private static int[] code(Way way) {
    return switch (way) {
      case FREED, HUNG_UP, REMOVED -> RETURN_0;
      case INIT_FAILED -> RETURN_EIO;
      case DIED -> DIE;
    };
  }

  private void giveBack(Way way, Talker owner, Allocated space) {
    switch (way) {
      case FREED -> {
        Free.Builder free = Free.newBuilder().setHandle(space.getHandle());
        assertThat(owner.ask(Request.newBuilder().setFree(free).build()).hasDone()).isTrue();
      }
      case HUNG_UP -> owner.hangUp();
      case INIT_FAILED ->
          assertThat(activate(owner, space, 2, "m").getError().getErrno()).isEqualTo(5);
      case DIED -> assertThat(activate(owner, space, 2, "m").getError().getErrno()).isEqualTo(14);
      case REMOVED -> {
        assertThat(activate(owner, space, 2, "m").hasActivated()).isTrue();
        assertThat(owner.ask(remove("m")).hasRemoved()).isTrue();
      }
    }
  }

  private static Request remove(String name) {
    return Request.newBuilder().setRemove(Remove.newBuilder().setName(name).setForce(true)).build();
  }

  private static Reply activate(Talker talker, Allocated space, int data, String name) {
    return talker.ask(
        Request.newBuilder()
            .setActivate(
                Activate.newBuilder()
                    .setHandle(space.getHandle())
                    .setName(name)
                    .setInit(space.getAddresses(0))
                    .setThisModule(space.getAddresses(data))
                    .setThisModuleSize(896))
            .build());
  }

  private static void put(byte[] bytes, int... code) {
    for (int i = 0; i < code.length; i++) {
      bytes[i] = (byte) code[i];
    }
  }

  private static void put(ByteBuffer bytes, int... code) {
    for (int b : code) {
      bytes.put((byte) b);
    }
  }
}
