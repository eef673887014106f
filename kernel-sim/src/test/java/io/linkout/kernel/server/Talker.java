package io.linkout.kernel.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.linkout.kernel.session.Peer;
import io.linkout.kernel.testing.RawClient;
import io.linkout.proto.wire.Allocate;
import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.SegmentSpec;
import io.linkout.proto.wire.Write;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A client of a {@link FuzzedKernel} that says what a test wants said, and waits for the CPU. */
final class Talker {
  private final FuzzedKernel kernel;
  private final FuzzedPeer peer;
  private final List<Reply> heard = new ArrayList<>();

  /** Connects and shakes hands. */
  Talker(FuzzedKernel kernel, int pid, int uid) {
    this.kernel = kernel;
    this.peer = new FuzzedPeer(kernel, new Peer(pid, uid), heard::add);
    say(RawClient.hello());
  }

  /** Says {@code message}, and lets the kernel do all there is to do. */
  Talker say(MessageLite message) {
    sendOnly(message);
    kernel.workOff();
    peer.pump();
    return this;
  }

  /** Says {@code message}; the CPU does nothing yet. */
  Talker sendOnly(MessageLite message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeUInt32NoTag(message.getSerializedSize());
      message.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    peer.send(bytes.toByteArray());
    peer.pump();
    return this;
  }

  /** Says {@code request}; returns what was heard last. */
  Reply ask(Request request) {
    say(request);
    return heard.getLast();
  }

  /** Returns what was heard last. */
  Reply last() {
    return heard.getLast();
  }

  /** Returns how much was heard. */
  int heard() {
    return heard.size();
  }

  Allocated allocate(SegmentSpec... segments) {
    return ask(Request.newBuilder()
            .setAllocate(Allocate.newBuilder().setName("x").addAllSegments(List.of(segments)))
            .build())
        .getAllocated();
  }

  Talker write(long handle, int segment, byte... content) {
    return say(
        Request.newBuilder()
            .setWrite(
                Write.newBuilder()
                    .setHandle(handle)
                    .setSegment(segment)
                    .setContent(ByteString.copyFrom(content)))
            .build());
  }

  long session() {
    return peer.session();
  }

  boolean open() {
    return peer.open();
  }

  void hangUp() {
    peer.hangUp();
  }

  static SegmentSpec segment(SegmentKind kind, long size) {
    return SegmentSpec.newBuilder()
        .setKind(kind)
        .setSize(size)
        .setAlignment(kind == SegmentKind.PERCPU ? 64 : 4096)
        .build();
  }
}
