package io.linkout.kernel.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.linkout.kernel.session.Peer;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** One connection to a {@link FuzzedKernel}, through the daemon's own pipeline without a socket. */
final class FuzzedPeer {
  /** Bytes that a client may leave untaken before its channel counts as full, as Netty has it. */
  private static final int HIGH_WATER = 64 << 10;

  private final FuzzedKernel kernel;
  private final Peer peer;
  private final EmbeddedChannel channel = new EmbeddedChannel(false, false);
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
  private final Stall stall = new Stall();
  private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
  private final Consumer<Reply> heard;
  private boolean greeted;
  private boolean lastWord;

  /** Connects as {@code peer}, whose pid no other has; {@code heard} is told of every reply. */
  FuzzedPeer(FuzzedKernel kernel, Peer peer, Consumer<Reply> heard) {
    this.kernel = kernel;
    this.peer = peer;
    this.heard = heard;
    channel.config().setAllocator(memory);
    channel
        .pipeline()
        .addLast(
            new ChannelInitializer<EmbeddedChannel>() {
              @Override
              protected void initChannel(EmbeddedChannel child) {
                Connection connection = new Connection(kernel.server, child, () -> peer);
                child.pipeline().addLast(stall, new FrameDecoder(connection), connection);
              }
            });
    try {
      channel.register();
    } catch (Exception e) {
      throw new AssertionError("a connection broke at its begin", e);
    }
  }

  /** Holds up what the kernel sends, as a client that does not read does. */
  private static final class Stall extends ChannelOutboundHandlerAdapter {
    private record Held(Object message, ChannelPromise promise) {}

    private final Deque<Held> held = new ArrayDeque<>();
    private boolean on;
    private int bytes;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (!on) {
        var _ = ctx.write(message, promise);
        return;
      }
      held.add(new Held(message, promise));
      bytes += message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
      if (bytes > HIGH_WATER) {
        full(ctx, true);
      }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
      Held next = held.poll();
      while (next != null) {
        io.netty.util.ReferenceCountUtil.release(next.message());
        next.promise().tryFailure(new ClosedChannelException());
        next = held.poll();
      }
      var _ = ctx.close(promise);
    }

    void letGo(ChannelHandlerContext ctx) {
      on = false;
      bytes = 0;
      Held next = held.poll();
      while (next != null) {
        var _ = ctx.write(next.message(), next.promise());
        next = held.poll();
      }
      ctx.flush();
      full(ctx, false);
    }

    private static void full(ChannelHandlerContext ctx, boolean full) {
      var outbound = ctx.channel().unsafe().outboundBuffer();
      if (outbound != null) {
        outbound.setUserDefinedWritability(1, !full);
      }
    }
  }

  Peer peer() {
    return peer;
  }

  /** Returns its session's number, or 0 if it has none. */
  long session() {
    long mine = 0;
    for (var session : kernel.sessions.all()) {
      if (session.peer().equals(peer)) {
        mine = session.id();
      }
    }
    return mine;
  }

  boolean open() {
    return channel.isOpen();
  }

  /** Stops reading what the kernel sends, or begins to again. */
  void toggleReading() {
    if (stall.on) {
      stall.letGo(channel.pipeline().context(stall));
    } else {
      stall.on = true;
    }
  }

  /** Sends bytes; they arrive when the kernel reads. */
  void send(byte[] bytes) {
    unsent.writeBytes(bytes);
  }

  /** The kernel reads what it wants of what was sent, and this reads what it says. */
  void pump() {
    while (channel.isOpen() && channel.config().isAutoRead() && unsent.size() > 0) {
      ByteBuf bytes = Unpooled.wrappedBuffer(unsent.toByteArray());
      unsent.reset();
      channel.writeInbound(bytes);
    }
    channel.runPendingTasks();
    hear();
  }

  private void hear() {
    for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
      try {
        if (frame.isReadable()) {
          understand(frame);
        }
      } finally {
        frame.release();
      }
    }
  }

  private void understand(ByteBuf frame) {
    if (lastWord) {
      throw new AssertionError("the kernel says more after its last word");
    }
    long length = 0;
    int shift = 0;
    byte next;
    do {
      next = frame.readByte();
      length |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    FuzzedKernel.equal("length of a frame", length, frame.readableBytes());
    try {
      if (greeted) {
        Reply reply = Reply.parseFrom(frame.nioBuffer());
        if (reply.getKindCase() == Reply.KindCase.KIND_NOT_SET) {
          throw new AssertionError("an empty reply");
        }
        lastWord = reply.getError().getClosing();
        heard.accept(reply);
      } else {
        lastWord = !Welcome.parseFrom(frame.nioBuffer()).getRefusal().isEmpty();
        greeted = true;
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("no reply", e);
    }
  }

  /** Hangs up, and checks that nothing of the connection remains. */
  void hangUp() {
    if (channel.isOpen()) {
      var _ = channel.close();
    }
    channel.runPendingTasks();
    hear();
    channel.finishAndReleaseAll();
    FuzzedKernel.equal(
        "bytes of buffers after the end",
        memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory(),
        0);
    FuzzedKernel.equal("session after the end", session(), 0);
  }
}
