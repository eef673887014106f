package io.linkout.e2e;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import java.io.IOException;

/**
 * One frame of a conversation.
 *
 * @param number counts from 0 in each direction
 * @param kind which message it carries, such as {@code ALLOCATE}
 * @param length in bytes, the length prefix counted
 */
record Frame(Direction direction, int number, String kind, int length) {
  /** Which way a frame goes. */
  enum Direction {
    TO_KERNEL,
    TO_CLIENT
  }

  /** Returns what {@code bytes}, length prefix and content, are as a frame. */
  static Frame of(Direction direction, int number, byte[] bytes) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    int content = in.readRawVarint32();
    return new Frame(
        direction, number, kind(direction, number, in.readRawBytes(content)), bytes.length);
  }

  private static String kind(Direction direction, int number, byte[] content)
      throws InvalidProtocolBufferException {
    return switch (direction) {
      case TO_KERNEL -> number == 0 ? "HELLO" : Request.parseFrom(content).getKindCase().toString();
      case TO_CLIENT -> number == 0 ? "WELCOME" : Reply.parseFrom(content).getKindCase().toString();
    };
  }

  /** Returns true if {@code other} stands in the same place and carries the same message. */
  boolean hasKindOf(Frame other) {
    return isAt(other) && kind.equals(other.kind);
  }

  /** Returns true if {@code other} stands in the same place of its conversation. */
  boolean isAt(Frame other) {
    return direction == other.direction && number == other.number;
  }
}
