package io.linkout.rpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The handshake of an earlier release, as it was recorded: {@code handshake/NAME.hex}. */
public final class RecordedHandshake {
  private RecordedHandshake() {}

  /** Returns the bytes in {@code name}{@code .hex}. */
  public static byte[] bytes(String name) {
    String file = "/handshake/" + name + ".hex";
    try (InputStream in = RecordedHandshake.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + file);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      StringBuilder digits = new StringBuilder();
      text.lines().filter(line -> !line.startsWith("#")).forEach(digits::append);
      return HexFormat.of().parseHex(digits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the bytes in {@code name} with every {@code old} in them made {@code other}. */
  public static byte[] with(String name, String old, String other) {
    if (old.length() != other.length()) {
      throw new IllegalArgumentException("the lengths before them would be wrong");
    }
    String bytes = new String(bytes(name), StandardCharsets.ISO_8859_1);
    return bytes.replace(old, other).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns {@code message} followed by fields that no release knows yet. */
  public static byte[] later(byte[] message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(message);
    bytes.writeBytes(bytes("later-fields"));
    return bytes.toByteArray();
  }

  /** What a program of release 0.1.0 makes of {@code bytes}, a message of type {@code type}. */
  public record Read(DynamicMessage message) {
    /** Reads them by the schema of then. */
    public static Read of(String type, byte[] bytes) {
      try {
        FileDescriptor schema =
            FileDescriptor.buildFrom(
                FileDescriptorProto.parseFrom(RecordedHandshake.bytes("schema-0.1.0")),
                new FileDescriptor[0]);
        return new Read(DynamicMessage.parseFrom(schema.findMessageTypeByName(type), bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (DescriptorValidationException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Returns the value of the field {@code name}. */
    public Object get(String name) {
      return message.getField(message.getDescriptorForType().findFieldByName(name));
    }
  }
}
