package io.linkout.kernel.server;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.linkout.kernel.module.Errno;
import io.linkout.kernel.module.Refusal;
import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.session.EventLog;
import io.linkout.kernel.session.Peer;
import io.linkout.kernel.session.Replies;
import io.linkout.kernel.session.Reply;
import io.linkout.kernel.session.Session;
import io.linkout.proto.Protocol;
import io.linkout.proto.handshake.Welcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: handshake first, then requests for its session. Ends in {@link #channelInactive},
 * which closes the session whatever the reason.
 */
final class Connection extends ChannelInboundHandlerAdapter
    implements FrameDecoder.Listener, Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private enum Phase {
    /** Hello is awaited. */
    GREETING,
    /** Requests are. */
    OPEN,
    /** The last word is said; what still comes is ignored. */
    CLOSING
  }

  private final KernelServer server;
  private final Channel channel;
  private final Caller caller;
  private final Deadlines deadlines;
  private Phase phase = Phase.GREETING;
  private @Nullable Session session;
  private boolean reading;
  private int unread;

  /** Who is at the other end of a channel. */
  @FunctionalInterface
  interface Caller {
    /** Returns the process that connected; an exception if the system cannot tell. */
    Peer peer() throws IOException;
  }

  Connection(KernelServer server, Channel channel, Caller caller) {
    this.server = server;
    this.channel = channel;
    this.caller = caller;
    this.deadlines = new Deadlines(server.scheduler(), server.allowance(), this::missed);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Peer peer;
    try {
      peer = caller.peer();
    } catch (IOException e) {
      LOG.info("a peer without credentials: {}", e.toString());
      hangUp();
      return;
    }
    String refusal = server.refusal(peer);
    if (refusal == null) {
      session = server.sessions().open(peer, this);
    } else {
      EventLog.refused(peer, refusal);
      turnAway(refusal);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    phase = Phase.CLOSING;
    deadlines.stop();
    if (session != null) {
      session.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf frame = (ByteBuf) message;
    reading = true;
    try {
      switch (phase) {
        case GREETING -> greet(frame.nioBuffer());
        case OPEN -> request(frame);
        case CLOSING -> {
          // Nothing counts after the last word.
        }
      }
    } finally {
      frame.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    channel.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (session != null && phase == Phase.OPEN && channel.isWritable()) {
      session.writable();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("connection lost: {}", cause.toString());
    } else {
      LOG.error("a connection broke the kernel's work; it is closed", cause);
    }
    hangUp();
  }

  private void greet(ByteBuffer frame) {
    Welcome welcome = server.greeting().answer(frame);
    if (welcome.getRefusal().isEmpty()) {
      deadlines.greeted();
      phase = Phase.OPEN;
      write(welcome);
    } else {
      turnAway(welcome.getRefusal());
    }
  }

  private void request(ByteBuf frame) {
    if (session == null) {
      throw new IllegalStateException("open without a session");
    }
    int bytes = frame.readableBytes();
    try {
      session.receive(server.requests().read(frame.nioBuffer()), bytes);
    } catch (InvalidProtocolBufferException e) {
      session.refuse(WireRequests.malformed("a frame of " + bytes + " bytes is no request"));
    } catch (Refusal refusal) {
      session.refuse(refusal);
    }
    if (session.full()) {
      channel.config().setAutoRead(false);
    }
  }

  /** Says why there will be no session, and closes. */
  private void turnAway(String reason) {
    if (session != null) {
      // Its session owns nothing yet; closing it must not close the channel before the last word.
      phase = Phase.CLOSING;
      session.close();
    }
    write(server.greeting().refusal(reason));
    closeWhenTaken();
  }

  private void missed(Deadlines.Missed missed) {
    switch (missed) {
      case HELLO -> turnAway("no Hello came");
      case FRAME ->
          badFrame(
              new Refusal(
                  Refusal.Kind.MALFORMED, Errno.ETIMEDOUT, "the rest of a frame did not come"));
      case REPLY -> {
        LOG.info("a reply was not taken; its connection is closed");
        hangUp();
      }
    }
  }

  // What the decoder asks.

  @Override
  public int frameLimit() {
    return phase == Phase.GREETING ? Protocol.HANDSHAKE_FRAME_BYTES : server.limits().frameBytes();
  }

  @Override
  public boolean wantsFrames() {
    return session == null || !session.full();
  }

  @Override
  public void frameBegun() {
    deadlines.frameBegun();
  }

  @Override
  public void frameEnded() {
    deadlines.frameEnded();
  }

  @Override
  public void badFrame(Refusal reason) {
    if (phase == Phase.GREETING) {
      turnAway(reason.reason());
    } else if (session != null) {
      session.refuse(reason);
    }
  }

  // What the session asks.

  @Override
  public void send(Reply reply) {
    write(server.replies().write(reply));
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public void readOn() {
    channel.config().setAutoRead(true);
    // Frames that are here already wait in the decoder; it may be what called us, so not now.
    channel
        .eventLoop()
        .execute(
            () -> {
              channel.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
              channel.pipeline().fireChannelReadComplete();
            });
  }

  @Override
  public void finish() {
    if (phase != Phase.CLOSING) {
      phase = Phase.CLOSING;
      closeWhenTaken();
    }
  }

  private void closeWhenTaken() {
    phase = Phase.CLOSING;
    deadlines.greeted();
    deadlines.frameEnded();
    channel.config().setAutoRead(true);
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private void hangUp() {
    channel.close().addListener(done -> LOG.trace("connection closed"));
  }

  private void write(MessageLite message) {
    unread++;
    deadlines.replySent();
    channel
        .write(framed(channel, message))
        .addListener(
            done -> {
              unread--;
              deadlines.replyTaken(unread == 0);
            });
    if (!reading) {
      channel.flush();
    }
  }

  private static ByteBuf framed(Channel channel, MessageLite message) {
    int length = message.getSerializedSize();
    int whole = CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    ByteBuf frame = channel.alloc().ioBuffer(whole, whole);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(frame.nioBuffer(0, whole));
      out.writeUInt32NoTag(length);
      message.writeTo(out);
      out.flush();
      return frame.writerIndex(whole);
    } catch (IOException e) {
      frame.release();
      throw new UncheckedIOException(e);
    }
  }
}
