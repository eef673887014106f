package io.linkout.kernel.server;

import io.linkout.kernel.module.Errno;
import io.linkout.kernel.module.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts what arrives into frames: a varint32 length, then that many bytes. Says what it makes of it
 * to a {@link Listener}; passes each whole frame on without its length.
 */
final class FrameDecoder extends ByteToMessageDecoder {
  private static final int MAX_VARINT_BYTES = 5;

  /** What frames mean to the connection. */
  interface Listener {
    /** Returns how many bytes the next frame may have. */
    int frameLimit();

    /** Returns true if frames are wanted now; those that are here wait otherwise. */
    boolean wantsFrames();

    /** Part of a frame is here, and the rest is waited for. */
    void frameBegun();

    /** No part of a frame is waited for. */
    void frameEnded();

    /** What is here can be no frame; nothing more is passed on. */
    void badFrame(Refusal reason);
  }

  private final Listener listener;
  private boolean broken;

  FrameDecoder(Listener listener) {
    this.listener = listener;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (!listener.wantsFrames()) {
      listener.frameEnded();
      return;
    }
    int start = in.readerIndex();
    long length = length(in);
    if (length == INCOMPLETE || (length >= 0 && in.readableBytes() < length)) {
      int limit = listener.frameLimit();
      if (length > limit) {
        breakOff(in, tooLong(length, limit));
        return;
      }
      in.readerIndex(start);
      listener.frameBegun();
      return;
    }
    if (length == NO_LENGTH) {
      breakOff(
          in,
          new Refusal(
              Refusal.Kind.MALFORMED, Errno.EPROTO, "the length of a frame is no varint32"));
      return;
    }
    if (length > listener.frameLimit()) {
      breakOff(in, tooLong(length, listener.frameLimit()));
      return;
    }
    listener.frameEnded();
    out.add(in.readRetainedSlice((int) length));
  }

  private static final long INCOMPLETE = -1;
  private static final long NO_LENGTH = -2;

  /**
   * Reads a length; {@link #INCOMPLETE} if more bytes are needed, {@link #NO_LENGTH} if in vain.
   */
  private static long length(ByteBuf in) {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (!in.isReadable()) {
        return INCOMPLETE;
      }
      byte next = in.readByte();
      value |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return value > 0xffff_ffffL ? NO_LENGTH : value;
      }
    }
    return NO_LENGTH;
  }

  private void breakOff(ByteBuf in, Refusal reason) {
    broken = true;
    in.skipBytes(in.readableBytes());
    listener.badFrame(reason);
  }

  private static Refusal tooLong(long length, int limit) {
    return Refusal.limit("a frame of %d bytes, at most %d are allowed".formatted(length, limit));
  }
}
