package io.linkout.kernel.server;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.session.Peer;
import io.linkout.kernel.testing.RawClient;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.wire.Remove;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.StatsReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fuzz target: bytes that decide what up to four clients send, in what order and how cut, when the
 * CPU works and how its work ends, when a client stops reading, hangs up or is timed out. All goes
 * through the daemon's own decoder, sessions and module table. What must hold is checked after each
 * connection's end, and once all have ended: the figures are as before, nothing is coming, the next
 * Hello is answered.
 *
 * <p>Run by Jazzer stand-alone ({@code make fuzz}); {@link RequestFuzzTest} replays what was found.
 * With {@code -Dlinkout.fuzz.cpu=real} modules run on the emulated CPU, about fifty times slower.
 */
public final class RequestFuzz {
  private static final int MOST_CLIENTS = 4;
  private static final int MOST_STEPS = 300;
  private static final int MOST_ROUNDS = 10;
  private static final int REPORT_EVERY = 1 << 18;

  private static @Nullable RequestFuzz target;

  private final FuzzedKernel kernel;
  private final Map<Reply.KindCase, Long> replies = new EnumMap<>(Reply.KindCase.class);
  private final List<FuzzedPeer> peers = new ArrayList<>();
  private final List<Long> before;
  private Choices choices = new Choices(new byte[0]);
  private RequestMaker maker;
  private ByteArrayOutputStream burst = new ByteArrayOutputStream();
  private long messages;
  private int nextPid = 2;

  /** A target that sends to {@code kernel}. */
  RequestFuzz(FuzzedKernel kernel) {
    this.kernel = kernel;
    this.maker = new RequestMaker(kernel, choices);
    this.before = settle();
  }

  /** Sends what {@code data} says; throws what must not be. */
  public static void fuzzerTestOneInput(byte[] data) {
    RequestFuzz there = target;
    if (there == null) {
      boolean real = "real".equals(System.getProperty("linkout.fuzz.cpu"));
      there = new RequestFuzz(real ? FuzzedKernel.withCpu() : FuzzedKernel.withoutCpu());
      target = there;
    }
    try {
      there.run(data);
    } catch (RuntimeException | Error e) {
      // What is left of it must not spoil the next input.
      target = null;
      throw e;
    }
  }

  /** Says how much was sent; called by Jazzer at its end. */
  @SuppressWarnings("SystemOut")
  public static void fuzzerTearDown() {
    if (target != null) {
      System.err.println(target);
    }
  }

  @Override
  public String toString() {
    return messages + " messages; replies: " + replies;
  }

  /** Returns how many messages were sent. */
  long messages() {
    return messages;
  }

  /** Returns how many replies of each kind came. */
  Map<Reply.KindCase, Long> replies() {
    return replies;
  }

  /** Sends what {@code data} says. */
  @SuppressWarnings("SystemOut")
  void run(byte[] data) {
    long sent = messages;
    choices = new Choices(data);
    maker = new RequestMaker(kernel, choices);
    burst.reset();
    kernel.decidedBy(choices);
    for (int i = 0; choices.more() && i < MOST_STEPS; i++) {
      step();
      peers.forEach(FuzzedPeer::pump);
      gone();
    }
    List<Long> after = settle();
    if (!after.equals(before)) {
      throw new AssertionError("figures before " + before + ", after " + after);
    }
    if (sent / REPORT_EVERY != messages / REPORT_EVERY) {
      System.err.println(this);
    }
  }

  private void step() {
    FuzzedPeer peer = peers.isEmpty() ? connect() : peers.get(choices.below(peers.size()));
    switch (choices.below(32)) {
      case 0 -> connect();
      case 1 -> hangUp(peer);
      case 2 -> peer.toggleReading();
      case 3 -> kernel.cpuStep();
      case 4 -> kernel.loopStep();
      case 5, 6 -> kernel.workOff();
      case 7 -> kernel.timeout(choices.next());
      case 8 -> {
        if (choices.oneIn(4)) {
          peer.send(choices.take(choices.below(40)));
        }
      }
      case 9, 10, 11, 12, 13, 14, 15, 16 -> load(peer);
      case 17, 18 -> peer.send(framed(maker.make(5, peer)));
      case 19 -> {
        if (choices.oneIn(16)) {
          peer.send(framed(hello()));
        }
      }
      default -> send(peer, maker.make(choices.below(RequestMaker.KINDS), peer));
    }
  }

  private FuzzedPeer connect() {
    if (peers.size() >= MOST_CLIENTS) {
      return peers.getFirst();
    }
    int uid =
        switch (choices.below(32)) {
          case 0 -> 0;
          case 1 -> FuzzedKernel.READER_UID;
          case 2 -> 4711;
          case 3, 4, 5, 6 -> FuzzedKernel.DAEMON_UID;
          default -> FuzzedKernel.USER_UID;
        };
    FuzzedPeer peer = new FuzzedPeer(kernel, new Peer(nextPid++, uid), this::count);
    peers.add(peer);
    Hello hello = hello();
    if (choices.oneIn(12)) {
      send(peer, hello.toBuilder().setMagic(choices.next()).build());
    } else if (choices.oneIn(12)) {
      send(peer, hello);
    } else {
      peer.send(framed(hello));
    }
    return peer;
  }

  private void load(FuzzedPeer peer) {
    List<Long> pins = new ArrayList<>();
    if (kernel.modules.count() > 0 && choices.oneIn(3)) {
      Request pin = maker.pinRequest();
      send(peer, pin);
      pins.add(pin.getPin().getLoadId());
    }
    send(peer, maker.space());
    peer.pump();
    Handle handle = null;
    long session = peer.session();
    for (Handle there : kernel.handles.handles()) {
      if (there.owner().session() == session && !there.activating()) {
        handle = there;
      }
    }
    if (handle != null) {
      send(peer, maker.code(handle));
      send(peer, maker.activation(handle, pins));
      peer.pump();
      if (choices.oneIn(2)) {
        kernel.workOff();
      }
    }
  }

  /** Sends a message as it is, or spoilt, or cut, or together with the next. */
  private void send(FuzzedPeer peer, MessageLite message) {
    byte[] frame = framed(message);
    switch (choices.below(48)) {
      case 1 -> {
        int flips = 1 + choices.below(4);
        for (int i = 0; i < flips; i++) {
          int at = ((choices.next() << 8) | choices.next()) % frame.length;
          frame[at] = (byte) (frame[at] ^ (1 << choices.below(8)));
        }
      }
      case 2 -> frame = java.util.Arrays.copyOf(frame, choices.next() % frame.length);
      case 3 -> frame[0] = (byte) choices.next();
      case 4 -> {
        burst.writeBytes(frame);
        messages--;
        frame = new byte[0];
      }
      case 5 -> {
        int half = choices.next() % frame.length;
        peer.send(java.util.Arrays.copyOf(frame, half));
        peer.pump();
        frame = java.util.Arrays.copyOfRange(frame, half, frame.length);
      }
      case 6 -> {
        peer.send(frame);
        messages++;
      }
      case 7 -> {
        peer.send(burst.toByteArray());
        messages++;
        burst.reset();
      }
      default -> {
        // As it is.
      }
    }
    peer.send(frame);
  }

  private static Hello hello() {
    return RawClient.hello();
  }

  private byte[] framed(MessageLite message) {
    messages++;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeUInt32NoTag(message.getSerializedSize());
      message.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void count(Reply reply) {
    replies.merge(reply.getKindCase(), 1L, Long::sum);
  }

  private void hangUp(FuzzedPeer peer) {
    peer.hangUp();
    peers.remove(peer);
    kernel.check();
  }

  /** Lets go of those whom the kernel hung up on. */
  private void gone() {
    for (FuzzedPeer peer : List.copyOf(peers)) {
      if (!peer.open()) {
        hangUp(peer);
      }
    }
  }

  /** Ends all connections, lets the CPU end its work, unloads everything; returns the figures. */
  private List<Long> settle() {
    for (FuzzedPeer peer : List.copyOf(peers)) {
      hangUp(peer);
    }
    kernel.calm();
    kernel.checkQuiet();
    List<StatsReply> heard = new ArrayList<>();
    FuzzedPeer last =
        new FuzzedPeer(
            kernel,
            FuzzedKernel.administrator(),
            reply -> {
              count(reply);
              if (reply.hasStats()) {
                heard.add(reply.getStats());
              }
            });
    last.send(framed(hello()));
    last.pump();
    for (int i = 0; i < MOST_ROUNDS && kernel.modules.count() > 0; i++) {
      for (var module : kernel.modules.newestFirst()) {
        Remove.Builder remove = Remove.newBuilder().setName(module.name()).setForce(true);
        last.send(framed(Request.newBuilder().setRemove(remove).build()));
        last.pump();
        kernel.workOff();
      }
    }
    last.send(framed(Request.newBuilder().setStats(Stats.getDefaultInstance()).build()));
    last.pump();
    last.hangUp();
    kernel.checkQuiet();
    if (heard.size() != 1) {
      throw new AssertionError("the kernel no longer answers");
    }
    StatsReply s = heard.getFirst();
    return List.of(
        s.getSessions(),
        s.getHandles(),
        s.getHandleBytes(),
        s.getPins(),
        s.getModules(),
        s.getModuleBytes(),
        s.getExports(),
        s.getExportTableBytes(),
        s.getHeapObjects(),
        s.getHeapBytes(),
        s.getRegistrations(),
        s.getModuleAreaFreeBytes());
  }
}
